import { hashKey, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { ListOf } from './ListPage';
import type { Sight } from './again';
import { isOldInSight, windowsAgain } from './windows';

interface Sizes { size?: number; further?: number }

/** Who looks rests so long before what is old in sight is asked for, in milliseconds: not each window that passes by. */
const rest = 120;

/** Rows window by window; while filters change, the rows of before stay. The first window brings the count; those that follow may be larger. */
export function useRowsOf<Row extends { id: string }>(key: readonly unknown[], page: (query: string, signal: AbortSignal) => Promise<ListOf<Row>>, search: string, { size = 100, further = size }: Sizes = {}) {
  const queryKey = [...key, search];
  const hash = hashKey(queryKey);
  const sight = useRef<Sight | null>(null);
  const onlyOld = useRef(false);
  const asking = useRef(new WeakMap<AbortSignal, Promise<ListOf<Row>[]>>());
  const looking = useRef(0);

  const list = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal, client }) => {
      const ask = (after: string) => {
        const query = new URLSearchParams(search);
        query.set('limit', String(after ? further : size));
        if (after) query.set('after', after);
        else query.set('count', 'true');
        return page(query.toString(), signal);
      };
      // A list that is there is asked for anew from its beginning, in one go: then not all of its windows are.
      if (!pageParam && sight.current && (client.getQueryData<{ pages: unknown[] }>(queryKey)?.pages.length ?? 0) > 1) {
        asking.current.set(signal, windowsAgain(hash, sight.current, onlyOld.current, ask));
        onlyOld.current = false;
      }
      const windows = await asking.current.get(signal);
      return windows?.find((_, i) => (i === 0 ? '' : windows[i - 1]!.next) === pageParam) ?? ask(pageParam);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next || null,
    placeholderData: keepPreviousData,
  });

  const { refetch } = list;
  const lookAgain = useCallback((delay: number) => {
    clearTimeout(looking.current);
    looking.current = window.setTimeout(() => {
      if (!isOldInSight(hash, sight.current)) return;
      onlyOld.current = true;
      void refetch();
    }, delay);
  }, [hash, refetch]);
  useEffect(() => { lookAgain(rest); return () => clearTimeout(looking.current); }, [list.data, lookAgain]);

  /** Which rows are in sight, by their numbers: told by who shows them. */
  const onSight = useCallback((first: number, last: number) => { sight.current = { first, last }; lookAgain(rest); }, [lookAgain]);
  return { ...list, onSight };
}

/** Parameters that no document lists, as filters are. */
export const asIs = (query: string) => ({ params: { query: {} }, querySerializer: () => query });
