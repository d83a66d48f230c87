import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import classes from './Progress.module.css';
import type { Conversion } from './queries';

const steps: [Conversion['state'][], string][] = [[['pending'], 'The lead is locked'], [['accounts'], 'Account and contact'], [['opportunity'], 'Opportunity'], [['relinking'], 'Activities, files and campaigns come along']];
const order = ['pending', 'accounts', 'opportunity', 'relinking', 'completed'];

/** A conversion as it happens, step by step; then what came of it. */
export function Progress({ conversion, onBack, onLead }: { conversion: Conversion | null; onBack: () => void; onLead: () => void }) {
  const failed = conversion?.state === 'failed' || conversion?.state === 'compensating';
  const done = conversion?.state === 'completed';
  const at = order.indexOf(conversion?.state ?? 'pending');
  return (
    <div className={classes.page}>
      <h1 aria-live="polite">{failed ? conversion.isOver ? 'The lead was not converted' : 'It is being put back' : done ? 'The lead is converted' : 'Converting…'}</h1>
      {!failed && (
        <ol className={classes.steps}>
          {steps.filter(([states]) => states[0] !== 'opportunity' || !done || conversion.opportunity).map(([states, label]) => {
            const mine = order.indexOf(states[0]!);
            const state = done || mine < at ? 'done' : mine === at ? 'now' : 'later';
            return <li key={label} data-state={state}>{state === 'done' ? <IconCheck size={18} aria-label="Done" /> : state === 'now' ? <Loader size={16} aria-label="Under way" /> : <IconCircle size={18} aria-label="To come" />}{label}</li>;
          })}
        </ol>
      )}
      {failed && conversion.failure && (
        <div className={classes.failure} role="alert">
          <IconAlertTriangle size={20} aria-hidden />
          <div><p className="breaks">{conversion.failure.detail}</p><p><b>{conversion.isOver ? 'Nothing was changed.' : 'Everything goes back to how it was.'}</b> {conversion.failure.participant && <span className="muted">The step that failed: {conversion.failure.participant}.</span>}</p></div>
        </div>
      )}
      {done && <Made conversion={conversion} />}
      {conversion?.isOver && (
        <div className={classes.actions}>
          {failed && <Button onClick={onBack}>Change it and try again</Button>}
          <Button variant={failed ? 'default' : 'filled'} onClick={onLead} autoFocus>Go to the lead</Button>
        </div>
      )}
      {!conversion?.isOver && <p className="muted small">You can leave this page; it goes on.</p>}
    </div>
  );
}

/** What was made or used. */
export function Made({ conversion }: { conversion: Conversion }) {
  return (
    <dl className={classes.made}>
      {([['Account', '/accounts', conversion.account], ['Contact', '/contacts', conversion.contact], ['Opportunity', '/opportunities', conversion.opportunity]] as const).map(([label, page, record]) => record && (
        <div key={label}><dt>{label}</dt><dd><Link className="breaks" to={`${page}/${record.id}`}>{record.name}</Link> <span className="muted small">{record.created ? 'new' : record.updated ? 'was there, filled in' : 'was there'}</span></dd></div>
      ))}
    </dl>
  );
}
