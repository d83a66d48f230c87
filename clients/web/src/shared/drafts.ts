import { useEffect, useState } from 'react';

const prefix = 'leadcrm-draft:';
let owner = '';

/** Drafts belong to whoever typed them: another person at this browser does not find them. */
export function draftsOf(userId: string) { owner = userId; }

/** Signing out leaves nothing behind. */
export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

/** What was typed into one field of a record, kept until it is saved or left; null: nothing. */
export function fieldDraft<T>(name: string) {
  const key = `${prefix}${owner}:field:${name}`;
  return {
    read(): T | null {
      try {
        return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null;
      } catch {
        return null;   // of an older version
      }
    },
    keep: (typed: T) => localStorage.setItem(key, JSON.stringify(typed)),
    forget: () => localStorage.removeItem(key),
  };
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
