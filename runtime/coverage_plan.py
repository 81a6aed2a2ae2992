"""Where new sites would help most, as the API tells it: picks with people gained per cost and why just there."""

from typing import Any

import numpy as np

from layers.coverage.atlas import Atlas
from layers.coverage.candidates import candidates
from layers.coverage.coverage_map import PredictedMap
from layers.coverage.model import Site, Which
from layers.coverage.planning import Pick, Plan, Question, plan, weak_of
from layers.coverage.tables import meant
from vocabulary.errors import Refused

Json = dict[str, Any]


def best_sites(atlas: Atlas, which: Which, most: int) -> Json:
    """Return up to `most` new sites like the operator's usual one, the best first."""
    atlas.check(which)
    made = atlas.map
    if not isinstance(made, PredictedMap):
        raise Refused("radio.not_ready", state="plain")
    scale = atlas.scales[which.technology.generation if which.technology else "4G"]
    under = atlas.under
    question = Question(which, scale.weak_below_dbm, under.people, under.inside)
    road = np.zeros(under.town.size, dtype=bool)
    road[under.road_cell] = True

    def work() -> Plan:
        weak = weak_of(made, question)
        spots = candidates(
            made.state.ground, weak, under.people, road.reshape(under.town.shape), made.sites
        )
        return plan(made, question, spots, _usual(made.sites, which), most)

    found = atlas.locked(work)
    return {
        "items": [_pick(pick, order) for order, pick in enumerate(found.picks, 1)],
        "threshold_dbm": question.threshold_dbm,
        "people": {"before": round(found.before.people), "after": round(found.after.people)},
        "area_km2": {
            "before": round(found.before.area_km2, 2), "after": round(found.after.area_km2, 2),
        },
        "candidates": found.candidates,
        "took_ms": round(1000 * found.took_s),
    }  # fmt: skip


def _usual(sites: tuple[Site, ...], which: Which) -> Site:
    """Return the site that stands for what would be built: the one with most of the sectors meant."""
    return max(
        sites,
        key=lambda site: (
            sum(meant(one.carrier, which) and not one.indoor for one in site.sectors),
            site.id,
        ),
    )


def _pick(pick: Pick, order: int) -> Json:
    place, other = pick.candidate.place, pick.runner_up
    return {
        "number": order,
        "lon": round(place.lon_deg, 6),
        "lat": round(place.lat_deg, 6),
        "kind": pick.candidate.kind,
        "cost": round(pick.candidate.cost, 2),
        "people": round(pick.people),
        "area_km2": round(pick.area_km2, 2),
        "people_per_cost": round(pick.per_cost),
        "ground_m": round(pick.ground_m),
        "nearest_site_m": None if pick.nearest_site_m is None else round(pick.nearest_site_m),
        "runner_up": None
        if other is None
        else {"lon": round(other.place.lon_deg, 6), "lat": round(other.place.lat_deg, 6)},
        "runner_up_people": round(pick.runner_up_people),
    }
