import type { InfiniteData, Query } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import type { ListOf } from './ListPage';

/**
 * A long list is many windows of rows, and a change of one record is no reason to ask for all of them: those are asked for anew that hold it, those in sight and the first,
 * which says how many there are. The others are remembered as old and asked for when somebody looks at them.
 */
export interface Sight { first: number; last: number }

interface Known { id: string; version: number }
type Windows<Row> = InfiniteData<ListOf<Row>, string>;

/** Windows that are to be asked for anew, by where they begin: at once, or when they are looked at. */
interface Old { now: Set<string>; whenSeen: Set<string> }

const olds = new WeakMap<Query, Old>();

function oldOf(query: Query): Old {
  const old = olds.get(query) ?? { now: new Set(), whenSeen: new Set() };
  olds.set(query, old);
  return old;
}

const lists = (room: string) => queries.getQueryCache().findAll({ queryKey: [room, 'list'] });
const windowsOf = (query: Query) => query.state.data as Partial<Windows<Known>> | undefined;

/** Lists hold a row that says something else now, or may hold it elsewhere. */
export function rowChanged(room: string, id: string) {
  rowsChanged(room, (row) => row.id === id);
  return queries.invalidateQueries({ queryKey: [room, 'list'] });
}

/** Which lists hold such a row: their windows with it are asked for with the next asking. */
export function rowsChanged(room: string, isSuch: (row: Known) => boolean): Query[] {
  return lists(room).filter((query) => {
    const windows = windowsOf(query);
    const holding = windows?.pages?.flatMap((page, i) => page.items?.some(isSuch) ? [windows.pageParams?.[i] ?? ''] : []) ?? [];
    holding.forEach((begin) => oldOf(query).now.add(begin));
    return holding.length > 0;
  });
}

/** Any row may have changed: every window is asked for anew. */
export function allRowsChanged(room: string) {
  rowsChanged(room, () => true);
  return queries.invalidateQueries({ queryKey: [room, 'list'] });
}

/** Whether one looks at a window that is known to be old, and nothing is being asked for. */
export function isOldInSight(hash: string, sight: Sight | null): boolean {
  const query = queries.getQueryCache().get(hash);
  const old = query && olds.get(query);
  if (!query || !old || !sight || old.whenSeen.size === 0 || query.state.fetchStatus !== 'idle') return false;
  return inSight(windowsOf(query) as Windows<unknown>, sight).some((begin) => old.whenSeen.has(begin));
}

function inSight(windows: Windows<unknown>, { first, last }: Sight): string[] {
  let from = 0;
  return windows.pages.flatMap((page, i) => {
    const to = from + page.items.length;
    const isSeen = from <= last && to > first;
    from = to;
    return isSeen ? [windows.pageParams[i]!] : [];
  });
}

/**
 * The windows of a list as they are now, as many as there were, of which some were asked for and the others are those of before.
 * `onlyOld`: nothing is known to have changed since; what somebody looks at is caught up with.
 */
export async function again<Row extends { id: string }>(hash: string, sight: Sight, onlyOld: boolean, ask: (after: string) => Promise<ListOf<Row>>): Promise<ListOf<Row>[]> {
  const query = queries.getQueryCache().get(hash)!;
  const old = oldOf(query);
  const windows = query.state.data as Windows<Row>;
  const begins = windows.pageParams;
  const seen = new Set(inSight(windows, sight));
  const isAsked = begins.map((begin, i) => old.now.has(begin) || (onlyOld ? seen.has(begin) && old.whenSeen.has(begin) : i === 0 || seen.has(begin)));
  const now = [...windows.pages];
  const fresh = new Set<string>();

  for (let i = 0; i < now.length; i++) {
    if (!isAsked[i]) continue;
    // Windows side by side: each begins where the one before it ends now. The last of them ends where the first that is not asked for begins.
    let after = begins[i]!;
    let end = i;
    while (isAsked[end + 1]) end++;
    const next = windows.pages[end + 1];
    for (let at = i; at <= end; at++) {
      const page = at === end && next ? await upTo(next, begins[end + 1]!, after, ask) : await ask(after);
      now[at] = page;
      page.items.forEach((row) => fresh.add(row.id));
      after = page.next ?? '';
      if (!after) { now.length = at + 1; break; }
    }
    i = end;
  }

  // A row that stands elsewhere now does not stand where it was as well.
  for (const [i, page] of now.entries()) if (!isAsked[i] && page.items.some((row) => fresh.has(row.id))) now[i] = { ...page, items: page.items.filter((row) => !fresh.has(row.id)) };
  const were = new Set(old.whenSeen);
  begins.forEach((begin) => { old.now.delete(begin); old.whenSeen.delete(begin); });
  now.forEach((_, i) => { if (!isAsked[i] && (!onlyOld || were.has(begins[i]!))) old.whenSeen.add(i === 0 ? begins[0]! : now[i - 1]!.next!); });
  return now;
}

/** What is asked for at most until a kept window is reached; after it, rows that are in both are shown once. */
const mostAsked = 3;

/** Rows from `after` on up to where a window begins that is kept: asked for on, where so many have come between that they do not reach it. */
async function upTo<Row extends { id: string }>(kept: ListOf<Row>, begin: string, after: string, ask: (after: string) => Promise<ListOf<Row>>): Promise<ListOf<Row>> {
  const beyond = new Set(kept.items.map((row) => row.id));
  const first = await ask(after);
  const items = [...first.items];
  let last = first;
  for (let asked = 1; ; asked++) {
    let end = items.length;
    while (end > 0 && beyond.has(items[end - 1]!.id)) end--;
    if (end < items.length || last.next === begin) return { ...first, items: items.slice(0, end), next: begin };
    if (!last.next || asked === mostAsked) return { ...first, items, next: last.next };
    last = await ask(last.next);
    items.push(...last.items);
  }
}
