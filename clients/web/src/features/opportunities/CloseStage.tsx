import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Stage } from './opportunities';

/** Winning and losing ask why (OP2). */
export function CloseStage({ stage, name, busy, onClose, onMove }: { stage: Stage; name: string; busy: boolean; onClose: () => void; onMove: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  return (
    <Modal opened onClose={onClose} title={`Move ${name} to ${stage.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (reason.trim()) onMove(reason.trim()); else setError('Say why in a few words.'); }}>
        <Textarea data-autofocus label={stage.category === 'won' ? 'Why was it won?' : 'Why was it lost?'} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={error} />
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" loading={busy}>Move to {stage.name}</Button></Group>
      </form>
    </Modal>
  );
}
