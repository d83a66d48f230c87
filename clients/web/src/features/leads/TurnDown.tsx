import { Button, Group, Modal, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import { day, isoToday } from '@/shared/time';
import type { Status } from './queries';

/** Turning a lead down needs a reason and a day to look at it again (LC2). */
export function TurnDown({ status, what, onClose, onMove }: { status: Status; what: string; onClose: () => void; onMove: (reason: string, followUpInDays: number) => void }) {
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('30');
  const [error, setError] = useState<string>();
  return (
    <Modal opened onClose={onClose} title={`Move ${what} to ${status.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (reason.trim()) onMove(reason.trim(), Number(days)); else setError('Say why in a few words.'); }}>
        <Textarea data-autofocus label="Why is it not qualified?" required withAsterisk={false} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={error} />
        <p style={{ marginTop: 16, fontWeight: 500, fontSize: 13 }} id="look-again">Look at it again in</p>
        <SegmentedControl fullWidth mt={4} data={[{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }]} value={days} onChange={setDays} aria-labelledby="look-again" />
        <p className="muted small" style={{ marginTop: 8 }}>On {day(isoToday(Number(days)))} it comes back to the status it holds now, unread, with a task.</p>
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit">Move to {status.name}</Button></Group>
      </form>
    </Modal>
  );
}
