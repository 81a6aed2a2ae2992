// What dispatching draws on the desk's map: the ways of those chosen, the plan's cordon, and cover.

import { PlanArea } from "./case_plan.mjs";
import { CoverLayer } from "./cover.mjs";
import { Ways } from "./ways.mjs";

/** The three layers of one map; `over` is the place above it for their buttons. */
export const dispatchLayers = (view, over, who) => ({ ways: new Ways(view), area: new PlanArea(view), cover: new CoverLayer(over, { view, ...who }) });
