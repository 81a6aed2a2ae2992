"""A release is refused until the tree says what its version says."""

from docs import release

GOOD = "# Changelog\n\n## [2026.11.1] - 2026-11-22\n\nUpgrade and roll back: …\n\n## [2026.10.1] - 2026-10-01\n"


def test_a_dated_entry_with_upgrade_and_roll_back_is_enough() -> None:
    assert release.wrong_in_changelog(GOOD, "2026.11.1") == []


def test_an_entry_of_another_version_is_not_enough() -> None:
    assert release.wrong_in_changelog(GOOD, "2026.12.1")


def test_an_entry_without_a_date_or_without_roll_back_is_not_enough() -> None:
    assert release.wrong_in_changelog(GOOD.replace(" - 2026-11-22", ""), "2026.11.1")
    assert release.wrong_in_changelog(GOOD.replace("Upgrade and roll back", "Notes"), "2026.11.1")


def test_this_tree_has_its_entry() -> None:
    assert (
        release.wrong_in_changelog(
            (release.ROOT / "CHANGELOG.md").read_text("utf-8"), release.version()
        )
        == []
    )
