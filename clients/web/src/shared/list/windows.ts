import type { Query } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import { again, inSight, type Old, type Sight, type Windows } from './again';
import type { ListOf } from './ListPage';

interface Known { id: string; version: number }

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

/** The windows of a list that is asked for anew. */
export function windowsAgain<Row extends { id: string }>(hash: string, sight: Sight, onlyOld: boolean, ask: (after: string) => Promise<ListOf<Row>>) {
  const query = queries.getQueryCache().get(hash)!;
  return again(query.state.data as Windows<Row>, oldOf(query), sight, onlyOld, ask);
}
