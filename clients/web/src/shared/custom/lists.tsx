import { useQuery } from '@tanstack/react-query';
import type { Column, FilterField } from '@/shared/list/types';
import { useSearchParams } from 'react-router';
import { customFieldsQuery, type CustomField, type CustomType, type Kind } from './queries';
import { CustomValue } from './show';

const filterKinds: Partial<Record<CustomType, FilterField['kind']>> = {
  text: 'text', longText: 'text', richText: 'text', email: 'text', phone: 'text', url: 'text', autoNumber: 'text', number: 'number', percent: 'number', currency: 'number',
  date: 'day', dateTime: 'date', checkbox: 'flag', pickList: 'choice', multiSelect: 'choice',
};

const widths: Partial<Record<CustomType, number>> = { checkbox: 90, number: 100, percent: 90, currency: 130, date: 120, longText: 220, richText: 220 };

/** The custom fields of a kind of record, as a list filters by them and shows them. */
export function useCustomList<Row extends { custom?: unknown }>(kind: Kind) {
  const fields = useQuery(customFieldsQuery(kind));
  const [search] = useSearchParams();
  const all: CustomField[] = fields.data ?? [];
  const valueOf = (row: Row, field: CustomField) => (row.custom as Record<string, unknown> | null | undefined)?.[field.key];
  return {
    /** The address filters or sorts by fields that are not known yet: until they are, there is nothing to ask for. */
    isPending: fields.isPending && /custom\./.test(decodeURIComponent(search.toString())),
    filters: all.filter((field) => filterKinds[field.type!] || (field.type === 'lookup' && field.lookupTarget === 'user')).map((field): FilterField => ({
      name: `custom.${field.key}`, label: field.label ?? field.key, kind: filterKinds[field.type!] ?? 'owner', labels: Object.fromEntries((field.options ?? []).map((option) => [option.value, option.label || option.value])),
    })),
    choices: Object.fromEntries(all.filter((field) => field.options).map((field) => [`custom.${field.key}`, field.options!.map((option) => option.value)])),
    columns: all.map((field): Column<Row> => ({
      name: `custom.${field.key}`, label: field.label ?? field.key, width: widths[field.type!] ?? 150, sort: field.isSortable ? `custom.${field.key}` : undefined, right: ['number', 'percent', 'currency'].includes(field.type!),
      show: (row) => { const value = valueOf(row, field); return value === null || value === undefined || value === false ? null : <CustomValue field={field} value={value} />; },
    })),
  };
}
