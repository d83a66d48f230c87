using System.Text.Json.Nodes;

namespace LeadCrm.Security.Matrix;

/// <summary>Every operation that the running system describes, each with its line of the table.</summary>
public sealed class Catalogue
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    private Catalogue(IReadOnlyList<Operation> operations) => Operations = operations;

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Reads all documents; what has no line, and a line for nothing, are findings.</summary>
    public static async Task<Catalogue> Read(ProbedSystem system, Expected expected, Report report)
    {
        var operations = new List<Operation>();
        var lines = expected.Lines.ToDictionary(line => (line.Service, line.Name));
        foreach (var (service, address) in system.Services.Append(KeyValuePair.Create("gateway", system.Gateway)))
        {
            using var wire = new Wire(address);
            var document = (await wire.Send("GET", "/openapi/v1.json")).Json?.AsObject() ?? throw new InvalidOperationException($"{service} does not describe itself.");
            foreach (var (path, item) in document["paths"]!.AsObject())
            {
                foreach (var (method, description) in item!.AsObject().Where(o => Methods.Contains(o.Key, StringComparer.Ordinal)))
                {
                    var name = $"{method.ToUpperInvariant()} {path}";
                    if (lines.Remove((service, name), out var line)) operations.Add(new Operation(document, line, method.ToUpperInvariant(), path, description!.AsObject()));
                    else report.Finding($"{service}: {name} has no line in expected.md");
                }
            }
        }
        foreach (var line in lines.Values) report.Finding($"{line.Service}: {line.Name} has a line in expected.md and is not there");
        return new Catalogue(operations);
    }
}
