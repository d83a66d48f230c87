import { Button, Progress } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type DragEvent } from 'react';
import { useNavigate } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { Heading } from '@/shared/form/FormPage';
import form from '@/shared/form/FormPage.module.css';
import { number } from '@/shared/time';
import { binaryKind } from './binary';
import { rememberFile } from './files';
import classes from './Imports.module.css';
import { bytes, importChanged, upload } from './queries';

/** The first step: bring a file. */
export function UploadPage() {
  usePage('Import a file', { label: 'Leads', to: '/leads' }, { label: 'Imports', to: '/leads/imports' });
  const navigate = useNavigate();
  return (
    <div className={form.body}>
      <Heading title="Import leads" subtitle="A CSV file whose first row names the columns. Next you say which column is which field, try it, and start; nothing becomes a lead before that." />
      <DropFile label="Choose a CSV file" onUploaded={(id) => void navigate(`/leads/imports/${id}`)} />
      <p className="muted small">UTF-8, UTF-16 or Windows-1252; commas, semicolons, tabs or bars. Up to 100 MB, so some hundred thousand rows. From a spreadsheet: “Save as”, CSV.</p>
    </div>
  );
}

/** Takes a file in, dropped or chosen; says how far it is. */
export function DropFile({ label, onUploaded, small = false }: { label: string; onUploaded: (id: string) => void; small?: boolean }) {
  const [over, setOver] = useState(false);
  const [percent, setPercent] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(null);

  const sending = useMutation({
    mutationFn: async (file: File) => {
      if (file.size === 0) throw new Error(`“${file.name}” is empty. Choose another file.`);
      const kind = await binaryKind(file);
      if (kind) throw new Error(`“${file.name}” is not a CSV file: it is ${kind}. Nothing was sent. Save it as CSV in the program that made it, and choose that file.`);
      setPercent(0);
      stop.current = new AbortController();
      return { made: await upload(file, file.name, {}, newKey(), setPercent, stop.current.signal), file };
    },
    onSuccess: ({ made, file }) => { rememberFile(made.id, file); importChanged(made); onUploaded(made.id); },
    onError: (error) => { if (error instanceof DOMException && error.name === 'AbortError') sending.reset(); },
  });

  function take(files: FileList | null | undefined) {
    const file = files?.[0];
    if (file && !sending.isPending) sending.mutate(file);
    if (field.current) field.current.value = '';
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }

  return (
    <div className={classes.drop} data-over={over || undefined} data-small={small || undefined} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={onDrop}>
      <input ref={field} type="file" accept=".csv,.txt,.tsv,text/csv" className="seen-by-readers" tabIndex={-1} aria-label={label} onChange={(event) => take(event.currentTarget.files)} />
      {sending.isPending ? (
        <div className={classes.sending} role="status">
          <p>{sending.variables.name} ({bytes(sending.variables.size)}) is on its way: {number(percent)} %</p>
          <Progress value={percent} aria-label="Sent" />
          <Button variant="subtle" color="gray" onClick={() => stop.current?.abort()}>Stop</Button>
        </div>
      ) : (
        <>
          {!small && <IconUpload size={28} aria-hidden />}
          <p>Drop {small ? 'the mended file' : 'the file'} here, or</p>
          <Button variant={small ? 'default' : 'filled'} onClick={() => field.current?.click()}>{label}</Button>
          {sending.error && <p role="alert" className={classes.wrong}>{Problem.of(sending.error).message}</p>}
        </>
      )}
    </div>
  );
}
