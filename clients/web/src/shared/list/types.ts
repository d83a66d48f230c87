import type { ReactNode } from 'react';
import type { Field } from '@/shared/record/types';

/** What a list can be filtered by, and how. Values that read otherwise than they are stored have labels; of an open choice there are more than are offered. */
export interface FilterField { name: string; label: string; kind: 'text' | 'number' | 'date' | 'day' | 'choice' | 'open' | 'owner' | 'flag'; labels?: Record<string, string> }

/** A column of a list. The first one is always there and stays in sight. */
export interface Column<Row> { name: string; label: string; width: number; sort?: string; right?: boolean; show: (row: Row) => ReactNode;
  /** What is edited in its cells. */
  field?: Field }

/** A row on a telephone: two lines. */
export interface Lines { title: string; badge?: ReactNode; subtitle?: ReactNode; aside?: ReactNode }
