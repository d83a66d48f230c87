import type { ReactNode } from 'react';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { Heading } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { Failed, Gone, Loading } from '@/shared/States';

export const setup = { label: 'Setup', to: '/setup' };

/** A page of Setup that shows a list. */
export function SetupPage({ title, what, actions, children }: { title: string; what: ReactNode; actions?: ReactNode; children: ReactNode }) {
  usePage(title, setup);
  return <div className={classes.body}><Heading title={title} subtitle={what} actions={actions} />{children}</div>;
}

/** What was asked for, once it is there; until then grey lines, or what failed. */
export function Loaded<T>({ query, what, children }: { query: { isPending: boolean; isError: boolean; error: unknown; data?: T; refetch: () => unknown }; what: string; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError && Problem.of(query.error).status === 404) return <Gone what={`${what} is not here.`} why="It was deleted, or never was." onward={{ label: 'To Setup', to: '/setup' }} />;
  if (query.isError) return <Failed what={`${what} could not be loaded.`} error={query.error} retry={() => void query.refetch()} />;
  return <Loading lines={8} />;
}
