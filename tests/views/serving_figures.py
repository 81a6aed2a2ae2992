"""Figures as the pages under test are told them."""

from typing import Any

from fastapi import FastAPI


def add_figures(server: FastAPI) -> None:
    """Add how alerts were acknowledged, and every figure of the catalogue as one and the same; V05 has no source."""

    @server.get("/api/v1/figures/acknowledgement")
    async def figures() -> dict[str, Any]:
        total = {"offered": 40, "acknowledged": 38, "share_in_time": 0.95, "missed": 2}
        latency = {"latency_p50_s": 9.0, "latency_p90_s": 14.0, "escalated": {"1": 2}}
        return {"until": "2026-11-22T06:00:00.000Z", "total": total | latency}

    @server.get("/api/v1/figures/{figure_id}")
    async def figure(figure_id: str) -> dict[str, Any]:
        told = {"id": figure_id, "value": 0.954, "no_source": figure_id == "V05"}
        return told | {"n": 12, "within": 0.75, "percentiles": {"p50": 372.0, "p90": 900.0}}
