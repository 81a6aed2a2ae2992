// The county in use: when another one was imported, an open page takes it over without losing what is being written.

import { getJson } from "./api.mjs";
import { setText } from "./dom.mjs";
import { language, t } from "./words.mjs";

/** Say whether a heartbeat tells of another county, or of other tiles, than the page shows. */
export const isOther = (county, beat) => Boolean(beat?.county && county.version && beat.county !== county.version);

/** What the page knows of a county, from what the API tells. */
export function countyFrom(told, spoken) {
  const { tiles, version, bbox, center, attribution } = told;
  return { name: spoken === "en" ? told.name_en : told.name_zh, tiles, version, bbox, center, attribution };
}

/** Let the page follow the county: `boot.county` is changed in place, for everybody holds it. */
export function followCounty({ live, boot, map, tell = () => {} }) {
  let asking = false;
  live.onStanding(async (_standing, beat) => {
    if (asking || !isOther(boot.county, beat)) return;
    asking = true;
    try {
      const former = boot.county.name;
      Object.assign(boot.county, countyFrom(await getJson("/api/v1/county"), language()));
      map.setCounty(boot.county);
      for (const heading of document.querySelectorAll("[data-county]")) setText(heading, boot.county.name);
      document.title = document.title.replace(former, boot.county.name);
      tell(t("county.changed", { name: boot.county.name }));
    } catch {
      // The next heartbeat asks again.
    } finally {
      asking = false;
    }
  });
}
