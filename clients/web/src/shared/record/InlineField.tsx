import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconCheck, IconPencil } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Problem } from '@/api/problem';
import { CustomInput, isWritable } from '@/shared/custom/CustomInput';
import { customText, CustomValue } from '@/shared/custom/show';
import { fieldDraft } from '@/shared/drafts';
import { day, money, number } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './InlineField.module.css';
import { saveField, type Conflict } from './save';
import { valueOf, withValue, type Editing, type Field, type Versioned } from './types';

/**
 * A field that is read, and edited where it is: click or e, Enter saves, Esc leaves it, Tab goes on. With `onDone` it is being edited from the beginning, and says
 * when it is saved or left, and where Tab goes from there; while both values of a conflict are shown it is neither.
 */
export function InlineField<R extends Versioned>({ record, editing: how, field, mayEdit: may, onNext, onDone }: {
  record: R; editing: Editing<R>; field: Field; mayEdit: boolean; onNext?: (back: boolean) => void; onDone?: (step: -1 | 0 | 1) => void;
}) {
  const mayEdit = may && (!field.custom || isWritable(field.custom));
  // Typed before the page was closed, and never saved: it is there again, on top of what one saw then.
  const draft = fieldDraft<{ typed: unknown; seen: unknown; version: number }>(`${record.id}:${field.name}`);
  const [restored] = useState(() => mayEdit ? draft.read() : null);
  const [editing, setEditing] = useState(restored !== null || !!onDone);
  const [typed, setTypedOnly] = useState<unknown>(restored?.typed ?? (onDone ? valueOf(record, field.name) ?? '' : ''));
  const step = useRef<-1 | 0 | 1>(0);
  const [conflict, setConflict] = useState<Conflict<R> | null>(null);
  const [saved, setSaved] = useState(false);
  const base = useRef(restored ? { ...withValue(record, field.name, restored.seen), version: restored.version } : record);
  const button = useRef<HTMLButtonElement>(null);
  const wantsFocus = useRef(false);
  const value = valueOf(record, field.name);

  const save = useMutation({
    mutationFn: ({ from, to }: { from: R; to: unknown }) => saveField(how, from, field.name, to),
    onSuccess: (outcome) => {
      if ('conflict' in outcome) return setConflict(outcome.conflict);
      draft.forget();
      setConflict(null);
      setEditing(false);
      setSaved(true);
      onDone?.(step.current);
    },
  });

  useEffect(() => {
    if (editing || conflict || !wantsFocus.current) return;
    wantsFocus.current = false;
    button.current?.focus();
  }, [editing, conflict]);

  useEffect(() => {
    if (!saved) return;
    const timer = setTimeout(() => setSaved(false), 2_500);
    return () => clearTimeout(timer);
  }, [saved]);

  function setTyped(next: unknown) {
    setTypedOnly(next);
    draft.keep({ typed: next, seen: valueOf(base.current, field.name), version: base.current.version });
  }

  function begin() {
    base.current = record;   // what one saw is what one changes
    setTypedOnly(value === null || value === undefined ? '' : value);
    save.reset();
    setEditing(true);
  }

  const meant = () => typed === '' ? field.kind === 'flag' ? false : null : typed;
  const isChanged = () => JSON.stringify(meant()) !== JSON.stringify(value ?? null);

  function commit(refocus: boolean) {
    if (save.isPending) return;
    wantsFocus.current = refocus;
    if (isChanged()) save.mutate({ from: base.current, to: meant() });
    else leave(refocus);
  }

  /** What is chosen from a list is saved at once. */
  function choose(next: unknown) {
    setTyped(next ?? '');
    if (!field.options && (field.custom?.type !== 'pickList' || field.custom.isRestricted === false)) return;
    wantsFocus.current = true;
    save.mutate({ from: base.current, to: next ?? null });
  }

  function leave(refocus = true) {
    wantsFocus.current = refocus;
    draft.forget();
    setEditing(false);
    setConflict(null);
    onDone?.(step.current);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape') { event.stopPropagation(); step.current = 0; leave(); }
    else if (event.key === 'Enter' && (!takesEnter(field) || event.ctrlKey)) { event.preventDefault(); commit(true); }
    else if (event.key === 'Tab' && onDone) { event.preventDefault(); step.current = event.shiftKey ? -1 : 1; commit(false); }
    else if (event.key === 'Tab' && onNext) { event.preventDefault(); commit(false); onNext(event.shiftKey); }
  }

  if (conflict) {
    return (
      <div className={classes.conflict} role="alertdialog" aria-label={`${field.label} was changed meanwhile`}>
        <b>{field.label} was changed meanwhile</b>
        <p>{conflict.who ?? 'Somebody'} made it <q className="breaks">{show(field, conflict.fresh)}</q> {conflict.at && <When at={conflict.at} />}. You typed <q className="breaks">{conflict.mine === null ? 'nothing' : field.custom ? customText(field.custom, conflict.mine) : String(conflict.mine)}</q>.</p>
        <div className={classes.actions}>
          <Button variant="default" autoFocus onClick={() => { how.keep(conflict.fresh); leave(); }}>Keep theirs</Button>
          <Button loading={save.isPending} onClick={() => save.mutate({ from: conflict.fresh, to: conflict.mine })}>Save mine</Button>
        </div>
      </div>
    );
  }

  if (editing) {
    const error = save.error ? Object.values(Problem.of(save.error).errors).flat().join(' ') || Problem.of(save.error).message : undefined;
    const props = { autoFocus: restored === null || !!onDone, size: 'xs' as const, 'aria-label': field.label, onKeyDown, onBlur: () => { if (!error) commit(false); }, error };
    return (
      <div className={classes.edit} data-field={field.name}>
        <span className={classes.label}>{field.label}</span>
        {field.custom ? <CustomInput {...props} field={field.custom} value={typed === '' ? null : typed} onChange={choose} />
          : field.options ? <Select {...props} searchable clearable data={withChosen(field.options, typed)} value={String(typed ?? '') || null} onChange={choose} />
          : field.kind === 'flag' ? <Checkbox {...props} checked={typed === true} onChange={(event) => setTyped(event.currentTarget.checked)} />
          : field.kind === 'number' || field.kind === 'money' ? <NumberInput {...props} value={typed as number | ''} onChange={setTyped} hideControls thousandSeparator="," allowDecimal={field.kind === 'money'} />
          : field.kind === 'long' ? <Textarea {...props} autosize minRows={2} value={String(typed)} onChange={(event) => setTyped(event.currentTarget.value)} description="Ctrl Enter saves" inputWrapperOrder={['input', 'description', 'error']} />
          : <TextInput {...props} type={field.kind === 'date' ? 'date' : undefined} value={String(typed)} onChange={(event) => setTyped(event.currentTarget.value)} />}
      </div>
    );
  }

  const content = show(field, record);
  return (
    <div className={classes.field} data-field={field.name}>
      <span className={classes.label}>{field.label}{saved && <span className={classes.saved} role="status"><IconCheck size={13} aria-hidden /> Saved</span>}</span>
      <span className={classes.value}>
        <span className={`breaks ${field.kind === 'long' || field.custom?.type === 'longText' ? classes.long : ''}`}>{link(field, record, content)}</span>
        {mayEdit && (
          <button type="button" ref={button} className={classes.pencil} aria-label={`Edit ${field.label}`} onClick={begin} onKeyDown={(event) => { if (event.key === 'e' && !event.ctrlKey && !event.metaKey) { event.preventDefault(); begin(); } }}>
            <IconPencil size={14} aria-hidden />
          </button>
        )}
      </span>
    </div>
  );
}

/** Where Enter begins a new line, or takes what a list offers. */
const takesEnter = (field: Field) => field.kind === 'long' || !!field.options || (!!field.custom && ['longText', 'richText', 'pickList', 'multiSelect'].includes(field.custom.type!));

/** What can be chosen, and what is chosen already. */
export const withChosen = (options: string[], chosen: unknown) => typeof chosen === 'string' && chosen !== '' && !options.includes(chosen) ? [chosen, ...options] : options;

function show(field: Field, record: object): string {
  const value = valueOf(record, field.name);
  if (value === null || value === undefined || value === '') return '';
  if (field.custom) return customText(field.custom, value);
  if (field.kind === 'flag') return value === true ? 'Yes' : 'No';
  if (field.kind === 'money') return money(value as number, field.currency ? valueOf(record, field.currency) as string | null : null);
  if (field.kind === 'date') return day(value as string);
  if (field.kind === 'number') return number(value as number);
  return String(value);
}

function link(field: Field, record: { doNotCall?: boolean; emailOptOut?: boolean }, text: string): ReactNode {
  if (!text) return null;
  if (field.custom) return <CustomValue field={field.custom} value={valueOf(record, field.name)} optOut={record.emailOptOut} doNotCall={record.doNotCall} />;
  if (field.kind === 'email') return record.emailOptOut ? text : <a href={`mailto:${text}`}>{text}</a>;
  if (field.kind === 'phone') return record.doNotCall ? <>{text} <span className={classes.warning}>do not call</span></> : <a href={`tel:${text}`}>{text}</a>;
  if (field.kind === 'url') return <a href={text} target="_blank" rel="noopener noreferrer nofollow">{text.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')}</a>;
  return text;
}
