import { day } from '@/shared/time';
import { relativeInWords } from './relative';
import type { FilterField } from './types';
import { readValues } from './values';

/** A condition as the address bar has it: `score[gte]=60`. */
export interface Filter { key: string; field: string; operator: string; value: string }

const reserved = new Set(['q', 'sort']);

/** The conditions in an address, and what in it is none that there is. */
export function readFilters(search: URLSearchParams, fields: FilterField[]): { filters: Filter[]; unknown: string[] } {
  const names = new Set(fields.map((field) => field.name));
  const filters: Filter[] = [];
  const unknown: string[] = [];
  for (const [key, value] of search) {
    if (reserved.has(key)) continue;
    const match = /^([\w.]+)(?:\[(\w+)\])?$/.exec(key);
    if (match?.[1] && names.has(match[1])) filters.push({ key, field: match[1], operator: match[2] ?? 'is', value });
    else unknown.push(key);
  }
  return { filters, unknown };
}

/** What goes on to the API: without what there is not. */
export function apiSearch(search: URLSearchParams, fields: FilterField[]): string {
  const { unknown } = readFilters(search, fields);
  const known = new URLSearchParams(search);
  unknown.forEach((key) => known.delete(key));
  known.sort();
  return known.toString();
}

/** A condition in words: "Status is New or Working", "Score ≥ 60". */
export function inWords(filter: Filter, fields: FilterField[], nameOfUser: (id: string) => string): string {
  const field = fields.find((known) => known.name === filter.field)!;
  const isDate = field.kind === 'date' || field.kind === 'day';
  const relative = isDate ? relativeInWords(filter.value) : null;
  const value = (one: string) => relative ?? (isDate ? day(one.slice(0, 10)) : field.kind === 'owner' ? one === 'me' ? 'me' : nameOfUser(one) : field.labels?.[one] ?? one);
  if (filter.value === '') return `${field.label} is empty`;
  if (field.kind === 'flag') return filter.value === 'true' ? field.label : `Not ${field.label.toLowerCase()}`;
  switch (filter.operator) {
    case 'in': return `${field.label} is ${readValues(filter.value).map(value).join(' or ')}`;
    case 'contains': return `${field.label} contains “${filter.value}”`;
    case 'gte': return `${field.label} ${isDate ? 'since' : '≥'} ${value(filter.value)}`;
    case 'gt': return `${field.label} ${isDate ? 'after' : '>'} ${value(filter.value)}`;
    case 'lte': return `${field.label} ${isDate ? 'until' : '≤'} ${value(filter.value)}`;
    case 'lt': return `${field.label} ${isDate ? 'before' : '<'} ${value(filter.value)}`;
    default: return `${field.label} is ${value(filter.value)}`;
  }
}
