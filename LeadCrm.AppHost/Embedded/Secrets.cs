namespace LeadCrm.AppHost.Embedded;

/// <summary>Generated credentials, made once per data folder and kept in <c>secrets.json</c> (mode 0600).</summary>
internal sealed class Secrets
{
    private const string FileName = "secrets.json";

    private readonly DataFolder _folder;
    private readonly SortedDictionary<string, string> _values;
    private readonly Lock _lock = new();

    public Secrets(DataFolder folder)
    {
        _folder = folder;
        _values = folder.Read<SortedDictionary<string, string>>(FileName);
    }

    public string Get(string name, Func<string> make)
    {
        lock (_lock)
        {
            if (!_values.TryGetValue(name, out var value))
            {
                _values[name] = value = make();
                _folder.Write(FileName, _values);
            }

            return value;
        }
    }

    /// <summary>Letters and digits only: safe in a connection string, an AMQP address and a configuration file.</summary>
    public string Password(string name) =>
        Get(name, () => new Aspire.Hosting.ApplicationModel.GenerateParameterDefault { MinLength = 32, Special = false }.GetDefaultValue());
}
