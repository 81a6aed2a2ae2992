// Reads one case per line ({"start": snapshot, "body": stream}), folds it with the browser half, prints what it then holds.
import { createInterface } from "node:readline";
import { foldAll, fromSnapshot } from "../../assets/live.mjs";

/** The frames in a stream's text, as an EventSource would dispatch them. */
function framesOf(body) {
  return body.split("\n\n").filter((block) => block.includes("data: ")).map((block) => {
    const fields = new Map(block.split("\n").map((line) => line.split(/: (.*)/s)));
    return { event: fields.get("event"), data: JSON.parse(fields.get("data")) };
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { start, body } = JSON.parse(line);
  const { state, gap } = foldAll(fromSnapshot(start), framesOf(body));
  console.log(JSON.stringify({ gap, seq: state.seq, rows: Object.fromEntries(state.rows), news: state.news, closures: Object.fromEntries(state.closures), alerts: Object.fromEntries(state.alerts), warnings: Object.fromEntries(state.warnings) }));
}
