/** A row that is drawn, and the element that it is drawn in. */
export interface Drawn { slot: number; index: number }

export interface Range { first: number; last: number }

const within = (index: number, { first, last }: Range) => index >= first && index <= last;

/** Which rows are in sight, where each has the same height: `top` and `room` in pixels. */
export const inSight = (top: number, room: number, height: number, count: number): Range => {
  const first = Math.max(0, Math.min(count - 1, Math.floor(top / height)));
  return { first, last: Math.max(first, Math.min(count - 1, Math.ceil((top + room) / height) - 1)) };
};

/**
 * What is drawn when `range` has to be: rows that come take over the elements of those that have left, each in its place of the document. To move an element there would cost as
 * much as to make it anew. The same object when nothing is missing.
 */
export function moved(drawn: Drawn[], range: Range): Drawn[] {
  const there = new Set(drawn.map((one) => one.index));
  const missing: number[] = [];
  for (let index = range.first; index <= range.last; index++) if (!there.has(index)) missing.push(index);
  if (missing.length === 0) return drawn;
  const kept = drawn.map((one) => within(one.index, range) || missing.length === 0 ? one : { slot: one.slot, index: missing.shift()! });
  const slots = new Set(drawn.map((one) => one.slot));
  let free = 0;
  return [...kept, ...missing.map((index) => { while (slots.has(free)) free++; return { slot: free++, index }; })];
}

/** What is drawn when nothing moves any more: those rows only, in the order of the list, as who reads the document needs it. */
export function atRest(drawn: Drawn[], range: Range): Drawn[] {
  const next = moved(drawn, range).filter((one) => within(one.index, range)).sort((a, b) => a.index - b.index);
  return next.length === drawn.length && next.every((one, i) => one === drawn[i]) ? drawn : next;
}
