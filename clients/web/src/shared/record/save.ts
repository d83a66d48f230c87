import { Problem } from '@/api/problem';
import { valueOf, type Editing, type Versioned } from './types';

/** Somebody else changed the same field meanwhile: both values, and who changed it when. */
export interface Conflict<R> { fresh: R; mine: unknown; who: string | null; at: string | null }

/**
 * Saves one field. When somebody else has changed the record meanwhile, but not this field, it is saved on top of that; when it was this
 * field, nothing is written and the conflict is answered.
 */
export async function saveField<R extends Versioned>(editing: Editing<R>, base: R, field: string, value: unknown): Promise<{ record: R } | { conflict: Conflict<R> }> {
  const [first, rest] = field.split('.') as [string, string | undefined];
  const write = async (version: number) => {
    const record = await editing.patch(base.id, version, { [first]: rest ? { [rest]: value } : value });
    editing.keep(record);
    return { record };
  };
  try {
    return await write(base.version);
  } catch (error) {
    if (!(error instanceof Problem && error.isConflict)) throw error;
  }
  const fresh = await editing.read(base.id);
  if (JSON.stringify(valueOf(fresh, field) ?? null) === JSON.stringify(valueOf(base, field) ?? null)) return write(fresh.version);
  const { items } = await editing.history(base.id);
  const change = items.find((entry) => entry.changes && typeof entry.changes === 'object' && (first in entry.changes || field in entry.changes));
  return { conflict: { fresh, mine: value, who: change?.actorName || null, at: change?.at ?? null } };
}
