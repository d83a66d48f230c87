using System.Text;
using LeadCrm.Leads.Data;
using LeadCrm.Leads.Leads;
using LeadCrm.ServiceDefaults.Http;
using LeadCrm.ServiceDefaults.Lists;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LeadCrm.Leads.Import;

/// <summary>
/// The rows that could not be imported, as they stood in the file, with row number, code and message (IM6). Corrected, it can be
/// imported again as it is.
/// </summary>
internal static class ImportErrorFile
{
    /// <summary>The columns that the error file adds; an import does not look at them.</summary>
    internal static readonly string[] OwnColumns = ["Import row", "Import error code", "Import error"];

    internal static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(Guid id, LeadsDb db, LeadAccess access, CancellationToken ct)
    {
        var import = await db.VisibleImports(access).FirstOrDefaultAsync(i => i.Id == id, ct);
        if (import is null) return Problems.NotFound();
        return TypedResults.Stream(body => Write(body, import, db, ct), "text/csv; charset=utf-8", $"errors-{id}.csv");
    }

    private static async Task Write(Stream body, LeadImport import, LeadsDb db, CancellationToken ct)
    {
        // The mark tells spreadsheets that this is UTF-8.
        await using var text = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        var csv = new CsvWriter(import.Delimiter[0]);
        var headers = import.Headers.Where(h => !OwnColumns.Contains(h)).ToList();
        var kept = import.Headers.Index().Where(h => !OwnColumns.Contains(h.Item)).Select(h => h.Index).ToList();
        await text.WriteAsync(csv.Record([.. headers, .. OwnColumns]));
        await foreach (var error in db.Set<ImportError>().AsNoTracking().Where(e => e.ImportId == import.Id).OrderBy(e => e.Row).AsAsyncEnumerable().WithCancellation(ct))
        {
            var cells = kept.Select(i => i < error.Cells.Length ? Csv.Unguard(error.Cells[i]) : "");
            await text.WriteAsync(csv.Record([.. cells, error.Row.ToString(), error.Code, error.Message]));
        }
    }
}
