import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './Rows.module.css';

export interface Row { key: string; to?: string; title: string; badges?: ReactNode; subtitle?: ReactNode; aside?: ReactNode; actions?: ReactNode; level?: number; isOff?: boolean }

/** A short list whose rows are read rather than compared: what it is, what is to know about it, what can be done. */
export function Rows({ label, rows }: { label: string; rows: Row[] }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.key} className={classes.row} data-off={row.isOff || undefined} style={row.level ? { paddingLeft: 14 + row.level * 20 } : undefined}>
          <div className={classes.text}>
            <span className={classes.title}>{row.to ? <Link to={row.to} className="breaks">{row.title}</Link> : <span className="breaks">{row.title}</span>}{row.badges}</span>
            {row.subtitle && <span className="muted small breaks">{row.subtitle}</span>}
          </div>
          {row.aside && <div className={classes.aside}>{row.aside}</div>}
          {row.actions && <div className={classes.actions}>{row.actions}</div>}
        </li>
      ))}
    </ul>
  );
}
