import assert from "node:assert/strict";
import test from "node:test";

import { Names } from "../../assets/names.mjs";
import { askable, locatePath, placeAddress, placeKind, placeName, searchPath, stepped, toldPlace } from "../../assets/place_picker.mjs";
import { useWords } from "../../assets/words.mjs";

const HOSPITAL = { name: "第一人民医院", name_en: "First Hospital", kind: "hospital", town: "武康街道", town_en: "Wukang" };
const WORDS = { "place_kind.hospital": "医院", "place_kind.place": "地点" };

test("a name is asked for, a position that is being typed is not", () => {
  for (const text of ["人民路", "rmyy", "G318", "人民路123号", "5th & Main"]) assert.equal(askable(text), true, text);
  for (const text of ["", "  ", "1", "119.905", "119.905,", "119.905\uFF0C 30.6", "-73.5, 40", "119.905 30.612"]) assert.equal(askable(text), false, text);
});

test("the question carries the text whole, and the middle of the map", () => {
  const asked = new URL(searchPath(" A & B?x=1#路 ", [119.9, 30.6000001]), "http://console");
  assert.deepEqual(Object.fromEntries(asked.searchParams), { q: "A & B?x=1#路", lon: "119.90000", lat: "30.60000", limit: "8" });
  assert.equal(asked.hash, "");
});

test("a place is called as the language calls it, and otherwise as it can be", () => {
  assert.equal(placeName(HOSPITAL, "zh"), "第一人民医院");
  assert.equal(placeName(HOSPITAL, "en"), "First Hospital");
  assert.equal(placeName({ name: "正街", name_en: "" }, "en"), "正街");
  assert.equal(placeName({ name: "", name_en: "Main St" }, "zh"), "Main St");
});

test("kind and town stand in one line; a kind nobody named is a place", () => {
  useWords(WORDS, "zh");
  assert.equal(placeKind(HOSPITAL, "zh"), "医院 · 武康街道");
  assert.equal(placeKind({ kind: "ice_rink", town: "" }, "zh"), "地点");
  useWords({ "place_kind.place": "place" }, "en");
  assert.equal(placeKind({ kind: "ice_rink", town: "武康街道", town_en: "Wukang" }, "en"), "ice rink · Wukang");
});

test("the address is what the county itself writes, the town once", () => {
  assert.equal(placeAddress(HOSPITAL), "武康街道 第一人民医院");
  assert.equal(placeAddress({ name: "桥头镇卫生院", town: "桥头镇" }), "桥头镇卫生院");
  assert.equal(placeAddress({ name: "", name_en: "Main St", town: "" }), "Main St");
});

test("a clicked position is told in the language spoken, with its grid cell where there is one", () => {
  const told = { text: "桥头镇 环城东路 近 县第一医院 120 m", text_en: "Huancheng East Road, Qiaotou", cell: { code: "99010110100103" } };
  useWords({ "report.search.cell": "网格 {code}" }, "zh");
  assert.equal(toldPlace(told, "zh"), "桥头镇 环城东路 近 县第一医院 120 m · 网格 99010110100103");
  assert.equal(toldPlace({ ...told, cell: null }, "en"), "Huancheng East Road, Qiaotou");
  const asked = new URL(locatePath(119.9051234567, 30.6), "http://console");
  assert.deepEqual(Object.fromEntries(asked.searchParams), { lon: "119.905123", lat: "30.600000" });
});

test("arrows stay within the list", () => {
  assert.deepEqual([stepped(0, -1, 3), stepped(0, 1, 3), stepped(2, 1, 3), stepped(0, 1, 1), stepped(0, 1, 0)], [0, 1, 2, 0, 0]);
});

test("a town is named in the page's language where the county knows it, and as the case names it where not", () => {
  const names = new Names();
  names.useTowns([{ name_zh: "青云街道", name_en: "Qingyun Subdistrict" }, { name_zh: "石门镇", name_en: "" }]);
  useWords({}, "en");
  assert.deepEqual(["青云街道", "石门镇", "外县"].map(names.town), ["Qingyun Subdistrict", "石门镇", "外县"]);
  useWords({}, "zh");
  assert.equal(names.town("青云街道"), "青云街道");
});
