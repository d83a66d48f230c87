import { useQuery } from '@tanstack/react-query';
import type { Field, Section } from '@/shared/record/types';
import { isWritable } from './CustomInput';
import { customFieldsQuery, type Kind } from './queries';

/** The organisation's own fields of a kind of record: as a section of its page and of its form. */
export function useCustomSections(kind: Kind) {
  const fields = useQuery(customFieldsQuery(kind));
  const all = (fields.data ?? []).map((custom): Field => ({ name: `custom.${custom.key}`, label: custom.label ?? custom.key, kind: 'custom', custom }));
  const writable = all.filter((field) => isWritable(field.custom!));
  const section = (of: Field[]): Section[] => of.length > 0 ? [{ title: 'Custom fields', fields: of }] : [];
  return {
    sections: section(all),
    /** Of a new record: what must be there first, the rest folded; and what the fields begin with. */
    first: writable.filter((field) => field.custom!.isRequired), rest: section(writable.filter((field) => !field.custom!.isRequired)),
    start: Object.fromEntries(writable.filter((field) => field.custom!.defaultValue !== null && field.custom!.defaultValue !== undefined).map((field) => [field.name, field.custom!.defaultValue])),
  };
}
