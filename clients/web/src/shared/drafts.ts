import { useEffect, useState } from 'react';

const prefix = 'leadcrm-draft:';
let owner = '';

/** Drafts belong to whoever typed them: another person at this browser does not find them. */
export function draftsOf(userId: string) { owner = userId; }

/** Signing out leaves nothing behind. */
export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

/** State that survives closing the page until it is saved or thrown away. */
export function useDraft<T extends object>(name: string, empty: T) {
  const key = `${prefix}${owner}:${name}`;
  const [restored, setRestored] = useState(() => localStorage.getItem(key) !== null);
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...empty, ...JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<T> };
    } catch {
      return empty;   // somebody else's format, of an older version
    }
  });
  useEffect(() => {
    if (JSON.stringify(value) === JSON.stringify(empty)) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  }, [key, value, empty]);
  return { value, setValue, restored, discard: () => { localStorage.removeItem(key); setValue(empty); setRestored(false); } };
}
