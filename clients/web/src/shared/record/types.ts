import type { CustomField } from '@/shared/custom/queries';

/** What records have in common, as far as editing goes. */
export interface Versioned { id: string; version: number; doNotCall?: boolean; emailOptOut?: boolean }

export type FieldKind = 'text' | 'long' | 'email' | 'phone' | 'url' | 'number' | 'money' | 'flag' | 'currency' | 'date' | 'account' | 'custom';

/** A field of a record. A name with a dot is part of something: `billingAddress.city`. One of the organisation's own comes with its definition. */
export interface Field { name: string; label: string; kind: FieldKind; currency?: string; custom?: CustomField;
  /** What can be chosen; a value that is none of these stays until another one is. */
  options?: string[] }

export interface Section { title: string; fields: Field[] }

interface Change { actorName: string; at: string; changes: unknown }

/** How a kind of record is read and changed. */
export interface Editing<R extends Versioned> {
  read: (id: string) => Promise<R>;
  patch: (id: string, version: number, change: Record<string, unknown>) => Promise<R>;
  history: (id: string) => Promise<{ items: Change[] }>;
  /** The record as it now is goes into what pages show. */
  keep: (record: R) => void;
}

export function valueOf(record: object, name: string): unknown {
  return name.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | null | undefined)?.[part], record);
}

/** The same record with another value there. */
export function withValue<R extends object>(record: R, name: string, value: unknown): R {
  const [first, ...rest] = name.split('.') as [string, ...string[]];
  return { ...record, [first]: rest.length > 0 ? withValue((record as Record<string, object | null>)[first] ?? {}, rest.join('.'), value) : value };
}

export const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || value === false;
