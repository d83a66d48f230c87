import { useEffect, useSyncExternalStore } from 'react';

/** One step of where one is. */
export interface Crumb { label: string; to?: string }

let crumbs: Crumb[] = [];
const listeners = new Set<() => void>();

/** Says where one is: in the browser's tab and in the bar on top. */
export function usePage(title: string, ...above: Crumb[]) {
  const path = JSON.stringify([...above, { label: title }]);
  useEffect(() => {
    crumbs = JSON.parse(path) as Crumb[];
    listeners.forEach((tell) => tell());
    document.title = `${title} · LeadCrm`;
  }, [title, path]);
}

export const useCrumbs = () => useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => crumbs);
