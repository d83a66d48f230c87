import { inWords, type Filter } from './filters';
import type { FilterField } from './types';

/** A condition of a view. */
export interface Condition { field: string; operator: string; value: string }

/** A condition of the address as one of a view. */
export const asCondition = (filter: Filter): Condition => ({ field: filter.field, operator: filter.operator, value: filter.value });

/** Conditions that come besides: both what was there and all of these must hold. */
export function withMore(conditions: Condition[], logic: string, more: Condition[]): { conditions: Condition[]; logic: string } {
  if (more.length === 0) return { conditions, logic };
  return { conditions: [...conditions, ...more], logic: logic.trim() && conditions.length > 0 ? [`(${logic.trim()})`, ...more.map((_, i) => conditions.length + i + 1)].join(' AND ') : '' };
}

/** The whole filter in words: "Owner is me and (Score ≥ 80 or Last touch before 7 days ago)". */
export function filterInWords(conditions: Condition[], logic: string, fields: FilterField[], nameOfUser: (id: string) => string): string {
  const words = (condition?: Condition) => {
    if (!condition) return '?';
    const known = fields.some((field) => field.name === condition.field);
    return known ? inWords({ key: condition.field, ...condition }, fields, nameOfUser) : `${condition.field} (which there is not)`;
  };
  if (!logic.trim()) return conditions.map(words).join(' and ');
  return logic.trim().replace(/\d+|and|or|not/gi, (part) => /\d/.test(part) ? words(conditions[Number(part) - 1]) : part.toLowerCase());
}
