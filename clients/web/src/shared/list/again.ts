import type { InfiniteData } from '@tanstack/react-query';
import type { ListOf } from './ListPage';

/**
 * A long list is many windows of rows, and a change of one record is no reason to ask for all of them: those are asked for anew that hold it, those in sight and the first,
 * which says how many there are. The others are remembered as old and asked for when somebody looks at them.
 */
export type Windows<Row> = InfiniteData<ListOf<Row>, string>;

/** The rows that are in sight, by their numbers. */
export interface Sight { first: number; last: number }

/** Windows that are to be asked for anew, by where they begin: at once, or when they are looked at. */
export interface Old { now: Set<string>; whenSeen: Set<string> }

/** Where the windows begin that are looked at. */
export function inSight(windows: Windows<unknown>, { first, last }: Sight): string[] {
  let from = 0;
  return windows.pages.flatMap((page, i) => {
    const to = from + page.items.length;
    const isSeen = from <= last && to > first;
    from = to;
    return isSeen ? [windows.pageParams[i]!] : [];
  });
}

/** So many windows on, a row is looked for that begins what is kept; so often is asked for more until one is met. */
const mostAsked = 3;

/**
 * The windows of a list as they are now, of which some were asked for and the others are those of before; fewer where some have no rows any more.
 * `onlyOld`: nothing is known to have changed since; what somebody looks at is caught up with.
 */
export async function again<Row extends { id: string }>(windows: Windows<Row>, old: Old, sight: Sight, onlyOld: boolean, ask: (after: string) => Promise<ListOf<Row>>): Promise<ListOf<Row>[]> {
  const begins = windows.pageParams;
  const seen = new Set(inSight(windows, sight));
  const isAsked = begins.map((begin, i) => old.now.has(begin) || (onlyOld ? seen.has(begin) && old.whenSeen.has(begin) : i === 0 || seen.has(begin)));
  const now: ListOf<Row>[] = [];
  const kept = new Map<number, string>();   // which of them are those of before, and where they began
  const fresh = new Set<string>();

  // Windows that are asked for side by side begin each where the one before it ends now. The last of them ends where what is kept begins.
  let after = begins[0]!;
  for (let i = 0, isMissed = false; i < begins.length;) {
    if (!isAsked[i] && !isMissed) {
      kept.set(now.length, begins[i]!);
      now.push(windows.pages[i]!);
      after = windows.pages[i++]!.next;
      continue;
    }
    const page = await ask(after);
    let { items, next } = page;
    const isLast = i + 1 < begins.length && !isAsked[i + 1];
    let met = isLast ? meeting(windows, i + 1, items, next) : null;
    for (let asked = 1; isLast && !met && next && asked < mostAsked; asked++) {
      const more = await ask(next);
      items = [...items, ...more.items];
      next = more.next;
      met = meeting(windows, i + 1, items, next);
    }
    isMissed = isLast && !met;
    if (met) { items = items.slice(0, met.end); next = begins[met.at]!; }
    now.push({ ...page, items, next });
    items.forEach((row) => fresh.add(row.id));
    if (!next) break;
    after = next;
    i = met?.at ?? i + 1;
  }

  // A row that stands elsewhere now does not stand where it was as well.
  for (const at of kept.keys()) if (now[at]!.items.some((row) => fresh.has(row.id))) now[at] = { ...now[at]!, items: now[at]!.items.filter((row) => !fresh.has(row.id)) };
  const were = new Set(old.whenSeen);
  begins.forEach((begin) => { old.now.delete(begin); old.whenSeen.delete(begin); });
  for (const [at, began] of kept) if (!onlyOld || were.has(began)) old.whenSeen.add(at === 0 ? began : now[at - 1]!.next);
  return now;
}

/** Where rows that were asked for meet windows of before, from `from` on: how many rows come before, and at which window. */
function meeting<Row extends { id: string }>(windows: Windows<Row>, from: number, items: Row[], next: string): { end: number; at: number } | null {
  if (next === windows.pageParams[from]) return { end: items.length, at: from };
  const later = new Map(windows.pages.slice(from, from + mostAsked).flatMap((page, i) => page.items.map((row) => [row.id, from + i] as const)));
  let end = items.length;
  let at = windows.pages.length;
  while (end > 0 && later.has(items[end - 1]!.id)) at = Math.min(at, later.get(items[--end]!.id)!);
  return end < items.length ? { end, at } : null;
}
