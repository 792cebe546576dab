using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;

namespace Kennel.Network.Services;

/// <summary>
/// What pods send and get is forwarded by the machine. Docker and many firewalls forbid forwarding in iptables' own chain; an accept in a table of ours
/// can't take that back, since a packet has to pass every chain of a hook. So where that chain may drop, it gets two rules with our name.
/// </summary>
public sealed class Forwarding(IHost host, string name, string podCidr)
{
    /// <summary>Makes the rules where they are needed and missing. Null, or why they couldn't be made.</summary>
    public async ValueTask<string?> Keep(CancellationToken cancel)
    {
        var listed = await Listed(cancel);
        return listed is null || !IsNeeded(listed, name) ? null : await Run(Missing(listed, name, podCidr), cancel);
    }

    /// <summary>Takes the rules away.</summary>
    public async ValueTask<string?> Remove(CancellationToken cancel) =>
        await Listed(cancel) is { } listed ? await Run([.. Own(listed, name).Select(rule => "-D" + rule[2..])], cancel) : null;

    /// <summary>Whether somebody's rules or the chain's policy may drop what pods send. The listing is what <c>iptables -S FORWARD</c> says.</summary>
    internal static bool IsNeeded(string listing, string name) =>
        Lines(listing).Any(line => line is "-P FORWARD DROP" || (line.StartsWith("-A ", StringComparison.Ordinal) && !IsOwn(line, name)));

    /// <summary>What to give iptables: at the top, because others end their chain with a refusal.</summary>
    internal static ImmutableArray<string> Missing(string listing, string name, string podCidr)
    {
        var own = Own(listing, name);
        return [.. Rules(name, podCidr).Where(rule => !own.Contains("-A " + rule)).Select(rule => "-I " + rule)];
    }

    /// <summary>As iptables lists them. From outside comes only what belongs to a connection or is sent on by a service or a host port.</summary>
    static IEnumerable<string> Rules(string name, string podCidr) =>
    [
        $"FORWARD -s {podCidr} -m comment --comment {name} -j ACCEPT",
        $"FORWARD -d {podCidr} -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -m comment --comment {name} -j ACCEPT",
    ];

    static ImmutableArray<string> Own(string listing, string name) => [.. Lines(listing).Where(line => IsOwn(line, name))];

    static bool IsOwn(string line, string name) => line.StartsWith("-A FORWARD ", StringComparison.Ordinal) && line.Contains($" --comment {name} ", StringComparison.Ordinal);

    static IEnumerable<string> Lines(string listing) => listing.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Null where there is no iptables: then nobody forbids by it either.</summary>
    async ValueTask<string?> Listed(CancellationToken cancel)
    {
        var result = await host.Run("iptables", ["-w", "-S", "FORWARD"], "", cancel);
        return result.Exit == 0 ? result.Output : null;
    }

    async ValueTask<string?> Run(ImmutableArray<string> rules, CancellationToken cancel)
    {
        foreach (var rule in rules)
        {
            var result = await host.Run("iptables", ["-w", .. rule.Split(' ')], "", cancel);
            if (result.Exit != 0) return $"iptables refused {rule}: {result.Error.Trim()}";
        }
        return null;
    }
}

/// <summary>Makes the rules that let pods' packets through, where others forbid them.</summary>
public sealed record KeepForwarding(Forwarding Forwarding) : Step.Own
{
    public override ValueTask<string?> Apply(IApi api, CancellationToken cancel) => Forwarding.Keep(cancel);
}
