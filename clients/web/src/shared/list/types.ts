import type { ReactNode } from 'react';

/** What a list can be filtered by, and how. Values that read otherwise than they are stored have labels. */
export interface FilterField { name: string; label: string; kind: 'text' | 'number' | 'date' | 'day' | 'choice' | 'owner' | 'flag'; labels?: Record<string, string> }

/** A column of a list. The first one is always there and stays in sight. */
export interface Column<Row> { name: string; label: string; width: number; sort?: string; right?: boolean; show: (row: Row) => ReactNode }

/** A row on a telephone: two lines. */
export interface Lines { title: string; badge?: ReactNode; subtitle?: ReactNode; aside?: ReactNode }
