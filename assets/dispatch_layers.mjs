// What dispatching draws on the desk's map: the ways of those chosen, the plan's cordon, cover, and one unit's track.

import { PlanArea } from "./case_plan.mjs";
import { CoverLayer } from "./cover.mjs";
import { UnitCard } from "./unit_card.mjs";
import { Ways } from "./ways.mjs";

/** The layers of one map; `over` is the place above it for their buttons and cards. */
export const dispatchLayers = (view, over, who) => ({ ways: new Ways(view), area: new PlanArea(view), cover: new CoverLayer(over, { view, ...who }), unit: new UnitCard(over, { view, ...who }) });
