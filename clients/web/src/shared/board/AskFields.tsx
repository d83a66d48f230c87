import { Button, Group, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '@/api/problem';
import type { Field } from '@/shared/record/types';

/** What a step wants to know before a record goes there: asked for, kept, and then the record goes on. */
export function AskFields({ title, text, fields, onClose, onSave }: { title: string; text: string; fields: Field[]; onClose: () => void; onSave: (values: Record<string, unknown>) => Promise<void> }) {
  const [typed, setTyped] = useState<Record<string, string | number>>({});
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const set = (name: string, value: string | number) => setTyped({ ...typed, [name]: value });

  async function save() {
    setBusy(true);
    try {
      await onSave(typed);
    } catch (problem) {
      setError([Problem.of(problem).message, ...Object.values(Problem.of(problem).errors).flat()].join(' '));
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <p className="muted">{text}</p>
        {fields.map((field, i) => field.options ? <Select key={field.name} mt="md" data-autofocus={i === 0 || undefined} label={field.label} searchable data={field.options} value={String(typed[field.name] ?? '') || null} onChange={(value) => set(field.name, value ?? '')} />
          : field.kind === 'number' || field.kind === 'money'
          ? <NumberInput key={field.name} mt="md" data-autofocus={i === 0 || undefined} label={field.label} hideControls thousandSeparator="," value={typed[field.name] ?? ''} onChange={(value) => set(field.name, value)} />
          : <TextInput key={field.name} mt="md" data-autofocus={i === 0 || undefined} label={field.label} type={field.kind === 'date' ? 'date' : 'text'} value={typed[field.name] ?? ''} onChange={(event) => set(field.name, event.currentTarget.value)} />)}
        {error && <p role="alert" style={{ color: 'var(--lc-bad)', marginTop: 12 }}>{error}</p>}
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" loading={busy} disabled={fields.some((field) => typed[field.name] === undefined || typed[field.name] === '')}>Save and move</Button></Group>
      </form>
    </Modal>
  );
}
