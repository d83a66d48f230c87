import { useEffect, useRef } from 'react';

const listeners = new Map<string, Set<() => void>>();
const atMostEvery = 1_500;

/** Records of a kind have changed or come: lists of them may want to look. */
export const arrived = (kind: string) => listeners.get(kind)?.forEach((listener) => listener());

/** Looks when records of this kind have come, now and then at most. */
export function useArrivals(kind: string, look: () => void) {
  const latest = useRef(look);
  useEffect(() => { latest.current = look; });
  useEffect(() => {
    let timer = 0;
    const listener = () => { if (timer === 0) timer = window.setTimeout(() => { timer = 0; latest.current(); }, atMostEvery); };
    const all = listeners.get(kind) ?? new Set();
    listeners.set(kind, all.add(listener));
    return () => { clearTimeout(timer); all.delete(listener); };
  }, [kind]);
}
