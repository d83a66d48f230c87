import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useDraft } from '@/shared/drafts';

export type Errors = Record<string, string[]>;

/** What is there, and its version. */
export interface Seen<T> { record: T; version: number }

export interface FormOptions<T extends object, Answer> {
  /** What was typed is kept under this name until it is saved. */
  draft: string;
  /** What is there; of something new, what the form begins with. */
  record: T;
  /** Null: something new. */
  version: number | null;
  /** Reads it anew when somebody else has changed it meanwhile. */
  read?: () => Promise<Seen<T>>;
  /** What one can say before the service does. */
  check?: (value: T) => Errors;
  /** Saves all of it, or only what was changed; the key makes a repeated POST safe. */
  save: (value: T, change: Partial<T>, version: number, key: string) => Promise<Answer>;
  saved: (answer: Answer) => void;
}

interface Typed<T> { change: Partial<T>; seen: T | null; version: number }

/** A field that two people have changed to different values. */
export interface Clash<T> { field: keyof T & string; mine: unknown; theirs: unknown }

export const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

const untouched = { change: {}, seen: null, version: 0 };

/**
 * A form over something that has a version. What was typed survives closing the page. When somebody else has changed other fields meanwhile, the change
 * goes on top of theirs; of fields that both changed both values are shown, and nothing is written before somebody has chosen.
 */
export function useForm<T extends object, Answer>({ draft: name, record, version, read, check, save, saved }: FormOptions<T, Answer>) {
  const draft = useDraft<Typed<T>>(name, untouched as Typed<T>);
  const { change, seen, version: seenVersion } = draft.value;
  const [errors, setErrors] = useState<Errors>({});
  const [met, setMet] = useState<(Seen<T> & { clashes: Clash<T>[] }) | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const key = useRef(newKey());
  const value: T = { ...record, ...change };
  const isDirty = Object.keys(change).length > 0;

  const saving = useMutation({
    mutationFn: async (typed: Typed<T>): Promise<{ answer: Answer } | { met: Seen<T> & { clashes: Clash<T>[] } }> => {
      const before = typed.seen ?? record;
      try {
        return { answer: await save({ ...before, ...typed.change }, typed.change, typed.version, key.current) };
      } catch (error) {
        if (!(error instanceof Problem && error.isConflict && read)) throw error;
      }
      const fresh = await read();
      const fields = Object.keys(typed.change) as (keyof T & string)[];
      const clashes = fields.filter((field) => !same(fresh.record[field], before[field]) && !same(fresh.record[field], typed.change[field]))
        .map((field) => ({ field, mine: typed.change[field], theirs: fresh.record[field] }));
      return clashes.length > 0 ? { met: { ...fresh, clashes } } : { answer: await save({ ...fresh.record, ...typed.change }, typed.change, fresh.version, key.current) };
    },
    onSuccess: (outcome) => {
      key.current = newKey();
      if ('met' in outcome) return setMet(outcome.met);
      setErrors({});
      setMet(null);
      draft.discard();
      saved(outcome.answer);
    },
    onError: (error) => { key.current = newKey(); show(Problem.of(error).errors); },
  });

  function show(found: Errors) {
    setErrors(found);
    if (Object.keys(found).length > 0) setTimeout(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  function put(fields: Partial<T>) {
    draft.setValue((typed) => {
      const base = typed.seen ?? record;
      const next = { ...typed.change, ...fields };
      for (const field of Object.keys(fields) as (keyof T)[]) if (same(next[field], base[field])) delete next[field];
      return Object.keys(next).length === 0 ? untouched as Typed<T> : { change: next, seen: base, version: typed.seen ? typed.version : version ?? 0 };
    });
    const named = Object.keys(fields);
    setErrors((known) => Object.fromEntries(Object.entries(known).filter(([field]) => !named.some((one) => field === one || field.startsWith(`${one}[`) || field.startsWith(`${one}.`)))));
  }

  function submit() {
    if (saving.isPending || met) return;
    const found = check?.(value) ?? {};
    if (Object.keys(found).length > 0) show(found);
    else saving.mutate({ change, seen: seen ?? record, version: seen ? seenVersion : version ?? 0 });
  }

  /** Settles one field that both have changed; with the last one the rest is saved. */
  function settle(field: keyof T & string, mine: boolean) {
    if (!met) return;
    const rest = met.clashes.filter((clash) => clash.field !== field);
    const next = { ...change };
    if (!mine) delete next[field];
    const typed = { change: next, seen: met.record, version: met.version };
    draft.setValue(typed);
    if (rest.length > 0) return setMet({ ...met, clashes: rest });
    setMet(null);
    if (Object.keys(next).length > 0) saving.mutate(typed);
    else draft.discard();
  }

  const placed = new Set<string>();
  const failure = saving.error ? Problem.of(saving.error) : null;
  return {
    value, isDirty, isNew: version === null, isPending: saving.isPending, restored: draft.restored && isDirty, clashes: met?.clashes ?? [], element, put, submit, settle,
    discard: () => { draft.discard(); setErrors({}); setMet(null); saving.reset(); },
    /** What is wrong with a field; whatever nobody asks for is said at the foot of the form. */
    error: (field: string) => { placed.add(field); return errors[field]?.join(' ') || undefined; },
    general: () => {
      const rest = Object.entries(errors).filter(([field]) => !placed.has(field)).flatMap(([, texts]) => texts);
      if (rest.length > 0) return [...new Set(rest)].join(' ');
      return failure && Object.keys(failure.errors).length === 0 ? failure.message : null;
    },
    /** For inputs of Mantine: `<TextInput label="Name" {...form.text('name')} />`. */
    text(field: keyof T & string) {
      return { name: field, value: String(value[field] ?? ''), onChange: (event: { currentTarget: { value: string } }) => put({ [field]: event.currentTarget.value } as Partial<T>), error: this.error(field), autoComplete: 'off' };
    },
    flag(field: keyof T & string) {
      return { name: field, checked: value[field] === true, onChange: (event: { currentTarget: { checked: boolean } }) => put({ [field]: event.currentTarget.checked } as Partial<T>), error: this.error(field) };
    },
    choice(field: keyof T & string) {
      return { name: field, value: (value[field] as string | null | undefined) || null, onChange: (next: string | null) => put({ [field]: next } as Partial<T>), error: this.error(field) };
    },
    number(field: keyof T & string) {
      return { name: field, value: (value[field] as number | null | undefined) ?? '', onChange: (next: number | string) => put({ [field]: next === '' ? null : Number(next) } as Partial<T>), error: this.error(field), hideControls: true };
    },
    many(field: keyof T & string) {
      return { value: (value[field] as string[] | null | undefined) ?? [], onChange: (next: string[]) => put({ [field]: next } as Partial<T>), error: this.error(field) };
    },
  };
}

export type Form<T extends object> = ReturnType<typeof useForm<T, unknown>>;
