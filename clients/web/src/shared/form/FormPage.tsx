import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './FormPage.module.css';
import type { useForm } from './useForm';

type AnyForm = Pick<ReturnType<typeof useForm<Record<string, unknown>, unknown>>, 'isDirty' | 'isNew' | 'isPending' | 'restored' | 'element' | 'submit' | 'discard' | 'general'>
  & { clashes: { field: string; mine: unknown; theirs: unknown }[]; settle: (field: never, mine: boolean) => void };

/** What surrounds a form: its heading, what was restored, what clashes, and saving at the foot, which appears with the first change. */
export function FormPage({ form, title, subtitle, actions, saveLabel = 'Save', cancelTo, labels = {}, show = words, children, below }: {
  form: AnyForm; title: ReactNode; subtitle?: ReactNode; actions?: ReactNode; saveLabel?: string; cancelTo?: string;
  /** What people call the fields, and how a value reads: for what two people have changed at once. */
  labels?: Record<string, string>; show?: (field: string, value: unknown) => string; children: ReactNode;
  /** What is no part of the form: other settings, each saved at once. */
  below?: ReactNode;
}) {
  const settle = form.settle as (field: string, mine: boolean) => void;
  const general = <General form={form} />;
  return (
    <div className={classes.page}>
      <form ref={form.element} className={classes.form} noValidate aria-label={typeof title === 'string' ? title : undefined} onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); form.submit(); }}
        onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); form.submit(); } }}>
        <div className={classes.body}>
          <Heading title={title} subtitle={subtitle} actions={actions} />
          {form.restored && <Alert color="blue">What you typed last time is here again. <Button variant="subtle" onClick={form.discard}>{form.isNew ? 'Start empty' : 'Discard it'}</Button></Alert>}
          {form.clashes.map((clash) => (
            <div key={clash.field} className={classes.clash} role="alertdialog" aria-label={`${labels[clash.field] ?? clash.field} was changed meanwhile`}>
              <b>{labels[clash.field] ?? clash.field} was changed by somebody else meanwhile</b>
              <p className="breaks">They made it <q>{show(clash.field, clash.theirs)}</q>. You made it <q>{show(clash.field, clash.mine)}</q>. Nothing is saved until you choose.</p>
              <div className={classes.actions}><Button variant="default" onClick={() => settle(clash.field, false)}>Keep theirs</Button><Button onClick={() => settle(clash.field, true)}>Save mine</Button></div>
            </div>
          ))}
          {children}
        </div>
        {(form.isNew || form.isDirty) && (
          <div className={classes.foot}>
            {general}
            {form.isNew ? cancelTo && <Button variant="subtle" color="gray" component={Link} to={cancelTo}>Cancel</Button> : <Button variant="subtle" color="gray" onClick={form.discard}>Discard changes</Button>}
            <Button type="submit" size="sm" loading={form.isPending}>{saveLabel}</Button>
          </div>
        )}
      </form>
      {below && <div className={classes.body}>{below}</div>}
    </div>
  );
}

/** Rendered after the fields, so that it knows which of them have said what is wrong themselves. */
function General({ form }: { form: AnyForm }) {
  const text = form.general();
  return text ? <p className={classes.wrong} role="alert">{text}</p> : null;
}

export function Heading({ title, subtitle, actions }: { title: ReactNode; subtitle?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classes.heading}>
      <div className={classes.names}><h1 className="breaks">{title}</h1>{subtitle && <div className="muted breaks">{subtitle}</div>}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

export function Part({ title, what, children, actions }: { title: string; what?: ReactNode; children: ReactNode; actions?: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.heading}><div className={classes.names}><h2 className="breaks">{title}</h2>{what && <p className="muted small breaks">{what}</p>}</div>{actions && <div className={classes.actions}>{actions}</div>}</div>
      {children}
    </section>
  );
}

/** Two columns where there is room. */
export const Fields = ({ children }: { children: ReactNode }) => <div className={classes.fields}>{children}</div>;

function words(_field: string, value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
