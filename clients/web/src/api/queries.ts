import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

/** Answers are shown at once when they are there and asked for anew behind; what cannot get better is not tried again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      networkMode: 'always',   // without a line one is told so; nothing waits in silence
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
