import { lazy, Suspense, useMemo, type CSSProperties } from 'react';
import { Link, useNavigate } from 'react-router';
import { Failed, Loading } from '@/shared/States';
import { number } from '@/shared/time';
import classes from './Charts.module.css';
import { drill, labelOf, titles, useCounts, type By } from './counts';

const BarChart = lazy(() => import('@/shared/charts/BarChart'));

/** Leads counted by a field, with room for as many bars as there usually are before they are known, so that nothing below moves: drawn, and as a table whose lines lead to the leads behind them. */
export function CountChart({ by, view, query = '', most = 8, usual = Math.min(most, 6), title = titles[by] }: { by: By; view: string; query?: string; most?: number; usual?: number; title?: string }) {
  const navigate = useNavigate();
  const counts = useCounts(by, view, query);
  const shown = useMemo(() => by === 'month' ? counts.data?.items.slice(-12) ?? [] : counts.data?.items.slice(0, most) ?? [], [counts.data, by, most]);
  const segments = useMemo(() => shown.map((group) => ({ key: group.value ?? '', label: labelOf(by, group), value: group.count })), [shown, by]);
  const rest = (counts.data?.total ?? 0) - shown.reduce((sum, group) => sum + group.count, 0);
  const height = by === 'month' ? 190 : Math.max(60, segments.length * 26 + 12);
  return (
    <section className={classes.chart} style={counts.data?.total === 0 ? undefined : { '--room': `${(by === 'month' ? 190 : usual * 26 + 12) + 66}px` } as CSSProperties} aria-label={title} data-stale={counts.isPlaceholderData || undefined}>
      <h2>{title}</h2>
      {counts.isPending ? <Loading lines={5} label={`Counting ${titles[by].toLowerCase()}`} />
        : counts.isError ? <Failed what="The leads could not be counted." error={counts.error} retry={() => void counts.refetch()} />
        : shown.length === 0 ? <p className="muted">There are no leads to count here.</p>
        : (
          <>
            <Suspense fallback={<div style={{ height }} />}><BarChart segments={segments} overTime={by === 'month'} height={height} label={`${title}, as the table below says`} onPick={(segment) => void navigate(drill(by, shown.find((group) => (group.value ?? '') === segment.key)!, view, query))} /></Suspense>
            <details className={classes.details}>
              <summary>As a table, with the leads behind each</summary>
              <table className={classes.table}>
                <thead><tr><th scope="col">{titles[by].replace('By ', '').replace(/^./, (letter) => letter.toUpperCase())}</th><th scope="col">Leads</th></tr></thead>
                <tbody>{shown.map((group) => <tr key={group.value ?? ''}><th scope="row"><Link to={drill(by, group, view, query)}>{labelOf(by, group)}</Link></th><td>{number(group.count)}</td></tr>)}{rest > 0 && <tr><th scope="row">{by === 'month' ? 'Before' : 'Others'}</th><td>{number(rest)}</td></tr>}</tbody>
              </table>
            </details>
          </>
        )}
    </section>
  );
}
