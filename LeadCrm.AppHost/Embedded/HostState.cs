namespace LeadCrm.AppHost.Embedded;

/// <summary>The content of <c>state.json</c> in the data folder while a system runs.</summary>
internal sealed record HostState(
    string Instance,
    int HostPid,
    bool Ready,
    double? ReadyAfterSeconds,
    SortedDictionary<string, string> Urls,
    SortedDictionary<string, string> ConnectionStrings,
    SortedDictionary<string, ResourceState> Resources);

/// <summary>One process of the system; no process id while it is down.</summary>
internal sealed record ResourceState(string State, int? Pid, int Restarts, string? Url);
