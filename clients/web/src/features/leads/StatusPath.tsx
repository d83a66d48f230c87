import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Problem } from '@/api/problem';
import { tell, tellFailure } from '@/shared/notices';
import { day, money } from '@/shared/time';
import { move, reopen } from './changes';
import { detailFields, labelOf } from './fields';
import { processQuery, statusesQuery, type Lead, type Status } from './queries';
import classes from './StatusPath.module.css';
import { TurnDown } from './TurnDown';

/** The way to a decision (UI5): focus shows a step's guidance and key fields, click or Enter moves there, and that can be undone. */
export function StatusPath({ lead, mayEdit, mayConvert, onConvert }: { lead: Lead; mayEdit: boolean; mayConvert: boolean; onConvert: () => void }) {
  const statuses = useQuery(statusesQuery);
  const process = useQuery(processQuery(lead.processId));
  const [looked, setLooked] = useState<string | null>(null);
  const [turnDown, setTurnDown] = useState<Status | null>(null);
  const list = useRef<HTMLOListElement>(null);

  const go = useMutation({
    mutationFn: ({ to, more }: { to: Status; more?: { reason: string; followUpInDays: number } }) => move(lead, to.name, more),
    onSuccess: (moved, { to }) => {
      setLooked(null);
      const back = mayGo(to.id, lead.statusId) && lead.statusCategory !== 'notQualified';
      tell(`Moved to ${to.name}.`, back ? { label: 'Undo', run: () => void move(moved, lead.status).catch((error) => tellFailure(Problem.of(error).message)) } : undefined);
    },
    onError: (error) => tellFailure(Problem.of(error).message),
  });
  const again = useMutation({ mutationFn: () => reopen(lead), onSuccess: (now) => tell(`Open again, as ${now.status}.`), onError: (error) => tellFailure(Problem.of(error).message) });

  if (!statuses.data || !process.data) return null;
  const steps = statuses.data.filter((status) => status.isActive || status.id === lead.statusId);
  const stepOf = (id: string) => process.data.steps.find((step) => step.statusId === id);
  const at = steps.findIndex((status) => status.id === lead.statusId);
  const shown = steps.find((status) => status.id === (looked ?? lead.statusId))!;
  const guide = stepOf(shown.id);

  function mayGo(from: string, to: string) {
    const next = stepOf(from)?.next;
    return from !== to && (!next || next.includes(to));
  }

  function enter(status: Status) {
    setLooked(status.id);
    if (status.isConverted) { if (mayConvert) onConvert(); }
    else if (!mayEdit || go.isPending || status.id === lead.statusId) return;
    else if (!mayGo(lead.statusId, status.id)) tellFailure(`A lead does not go from ${lead.status} to ${status.name} directly.`);
    else if (status.category === 'notQualified') setTurnDown(status);
    else go.mutate({ to: status });
  }

  function onKeyDown(event: KeyboardEvent) {
    const buttons = [...list.current?.querySelectorAll('button') ?? []];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = event.key === 'ArrowRight' ? now + 1 : event.key === 'ArrowLeft' ? now - 1 : -1;
    if (buttons[to]) { event.preventDefault(); buttons[to].focus(); }
  }

  const fields = (guide?.keyFields ?? []).map((name) => ({ name, value: lead[name as keyof Lead], field: detailFields.find((field) => field.name === name) }));
  return (
    <div className={classes.all} onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) setLooked(null); }}>
      <ol ref={list} className={classes.path} aria-label="Status" onKeyDown={onKeyDown}>
        {steps.filter((status) => !status.isConverted || mayConvert).map((status, i) => {
          const current = status.id === lead.statusId;
          return (
            <li key={status.id}>
              <button type="button" className={classes.step} data-current={current || undefined} data-past={i < at || undefined} data-category={status.category} aria-current={current ? 'step' : undefined} tabIndex={current ? 0 : -1}
                onFocus={() => setLooked(status.id)} onMouseEnter={() => setLooked(status.id)} onMouseLeave={() => setLooked(null)} onClick={() => enter(status)}>
                {i < at && status.category !== 'notQualified' && <IconCheck size={13} aria-hidden />}<span className="nowrap">{status.isConverted ? 'Convert' : status.name}</span>
              </button>
            </li>
          );
        })}
      </ol>
      <div className={classes.guide}>
        {lead.statusCategory === 'notQualified' && shown.id === lead.statusId
          ? <><span>{lead.notQualifiedReason && <>Because: <b className="breaks">{lead.notQualifiedReason}</b>. </>}{lead.followUpOn && <>To be looked at again on {day(lead.followUpOn)}.</>}</span>{mayEdit && <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>Reopen now</Button>}</>
          : <><span className="muted">{guide?.guidance}</span>{fields.map(({ name, value, field }) => <span key={name} className={classes.key}><span className="muted">{labelOf(name)}</span> {value === null || value === undefined || value === '' ? <span className="muted">not known</span> : <b className="breaks">{field?.kind === 'money' ? money(value as number, field.currency && lead[field.currency] as string) : String(value)}</b>}</span>)}</>}
      </div>
      {turnDown && <TurnDown status={turnDown} what={[lead.firstName, lead.lastName].filter(Boolean).join(' ')} onClose={() => setTurnDown(null)} onMove={(reason, followUpInDays) => { setTurnDown(null); go.mutate({ to: turnDown, more: { reason, followUpInDays } }); }} />}
    </div>
  );
}
