using System.Text;
using Kennel.Server.Routing;

namespace Kennel.Server.Documents;

/// <summary>Whether the server lives and is ready, check by check, under upstream's paths.</summary>
public sealed class Health
{
    readonly Lock _gate = new();
    readonly List<Check> _checks = [new("ping", () => true, ReadyOnly: false)];

    sealed record Check(string Name, Func<bool> Passes, bool ReadyOnly);

    /// <summary>Adds a check; <paramref name="readyOnly"/> ones count for /readyz and not for /livez and /healthz.</summary>
    public void Add(string name, Func<bool> passes, bool readyOnly = false)
    {
        lock (_gate) _checks.Add(new Check(name, passes, readyOnly));
    }

    /// <summary>The checks behind a path.</summary>
    internal IReadOnlyList<string> Names(string path)
    {
        lock (_gate) return [.. _checks.Where(c => path == "/readyz" || !c.ReadyOnly).Select(c => c.Name)];
    }

    internal ApiResponse Answer(string[] parts, RequestQuery query)
    {
        var group = parts[0];
        List<Check> checks;
        lock (_gate) checks = [.. _checks.Where(c => group == "readyz" || !c.ReadyOnly)];
        if (parts.Length > 1)
        {
            var name = string.Join('/', parts.AsSpan(1));
            if (checks.Find(c => c.Name == name) is not { } one) return Objects.Refusals.Refusal.NoSuchPath();
            return one.Passes() ? Server.Answer.Text(200, "ok") : Server.Answer.Text(500, $"internal server error: {group} check {name} failed\n");
        }
        var excluded = query.All("exclude").ToList();
        var text = new StringBuilder();
        var passed = true;
        foreach (var check in checks)
        {
            var skip = excluded.Contains(check.Name);
            var ok = skip || check.Passes();
            passed &= ok;
            text.Append(ok ? "[+]" : "[-]").Append(check.Name).AppendLine(skip ? " excluded: ok" : ok ? " ok" : " failed: reason withheld");
        }
        foreach (var unknown in excluded.Where(e => checks.TrueForAll(c => c.Name != e)))
            text.Append($"warn: some health checks cannot be excluded: no matches for \"{unknown}\"\n");
        if (passed && query["verbose"] is null) return Server.Answer.Text(200, "ok");
        return Server.Answer.Text(passed ? 200 : 500, text.Append(group).AppendLine(passed ? " check passed" : " check failed").ToString());
    }
}
