"""What is sealed opens only with its key, in its own row, unchanged."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as some

from security.sealing import Keyring, SealingKey, best_scheme, new_line, open_keyring
from vocabulary.errors import Unavailable

SM4 = SealingKey("a", "sm4-gcm", b"s" * 16)
AES = SealingKey("b", "aes-256-gcm", b"s" * 32)
FIELDS = {"caller_phone": "13812348000", "caller_name": "李敏"}


@pytest.mark.parametrize("key", [SM4, AES])
def test_sealed_fields_come_back_and_are_not_readable_in_between(key: SealingKey) -> None:
    ring = Keyring((key,))
    key_id, sealed = ring.seal(FIELDS, "report-1")
    assert ring.unseal(key_id, sealed, "report-1") == FIELDS
    assert b"13812348000" not in sealed
    assert ring.seal(FIELDS, "report-1")[1] != sealed


@given(place=some.integers(0, 80), bit=some.integers(0, 7))
def test_one_changed_bit_is_noticed(place: int, bit: int) -> None:
    ring = Keyring((SM4,))
    key_id, sealed = ring.seal(FIELDS, "report-1")
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(Unavailable, match="damaged or were changed"):
        ring.unseal(key_id, bytes(changed), "report-1")


def test_a_seal_moved_to_another_row_does_not_open() -> None:
    ring = Keyring((SM4,))
    key_id, sealed = ring.seal(FIELDS, "report-1")
    with pytest.raises(Unavailable):
        ring.unseal(key_id, sealed, "report-2")


def test_after_a_rotation_the_old_key_opens_and_the_new_one_seals() -> None:
    key_id, sealed = Keyring((SM4,)).seal(FIELDS, "r")
    ring = Keyring((SM4, AES))
    assert ring.unseal(key_id, sealed, "r") == FIELDS
    assert ring.seal(FIELDS, "r")[0] == "b"


def test_a_missing_key_is_named() -> None:
    with pytest.raises(Unavailable, match="sealing key z is missing"):
        Keyring((SM4,)).unseal("z", b"x" * 40, "r")


def test_sm4_gcm_gives_the_example_of_rfc_8998() -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    about = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([each]) * 8 for each in bytes.fromhex("AABBCCDDEEFFEEAA"))
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about)
    sealed = cipher.update(plain) + cipher.finalize()
    assert sealed[:8].hex().upper() == "17F399F08C67D5EE"
    assert cipher.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"


def test_the_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "personal.key"
    first = open_keyring(file)
    assert open_keyring(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert first.keys[0].scheme == best_scheme() == "sm4-gcm"
    assert [each.name for each in file.parent.iterdir()] == ["personal.key"]


def test_a_key_file_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "personal.key"
    open_keyring(file)
    file.chmod(0o644)
    with pytest.raises(Unavailable, match="chmod 600"):
        open_keyring(file)


@pytest.mark.parametrize("text", ["a sm4-gcm", "a des 00", "a sm4-gcm " + "zz" * 16, "a b c d"])
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "personal.key"
    file.touch(mode=0o600)
    file.write_text(f"{new_line('sm4-gcm')}\n{text}\n")
    with pytest.raises(Unavailable, match=r"personal\.key cannot be read"):
        open_keyring(file)


def test_a_secret_is_not_shown_when_its_holder_is_printed() -> None:
    assert "sss" not in repr(Keyring((SM4, AES)))
