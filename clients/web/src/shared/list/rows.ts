import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ListOf } from './ListPage';

/** Rows window by window; while filters change, the rows of before stay. The first window brings the count; those that follow may be larger. */
export function useRowsOf<Row>(key: readonly unknown[], page: (query: string, signal: AbortSignal) => Promise<ListOf<Row>>, search: string, size = 100, further = size) {
  return useInfiniteQuery({
    queryKey: [...key, search],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(search);
      query.set('limit', String(pageParam ? further : size));
      if (pageParam) query.set('after', pageParam);
      else query.set('count', 'true');
      return page(query.toString(), signal);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next || null,
    placeholderData: keepPreviousData,
  });
}

/** Parameters that no document lists, as filters are. */
export const asIs = (query: string) => ({ params: { query: {} }, querySerializer: () => query });
