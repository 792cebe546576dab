using System.Collections.Immutable;

namespace Kennel.Network.Hosts;

/// <summary>A machine on which nothing happens: it keeps what would have been done, for dry runs, simulated nodes and tests.</summary>
public sealed class RecordingHost : IHost
{
    readonly Lock _gate = new();

    /// <summary>What was asked for, in order: <c>nft -f -</c> with its input below it, <c>net/ipv4/ip_forward = 1</c>.</summary>
    public ImmutableArray<string> Done { get; private set; } = [];

    /// <summary>Decides how a command ends; everything succeeds by default.</summary>
    public Func<string, CommandResult> Answer { get; set; } = _ => default(CommandResult) with { Output = "", Error = "" };

    /// <summary>The settings that the machine hasn't got.</summary>
    public ImmutableSortedSet<string> Missing { get; set; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ValueTask<CommandResult> Run(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel)
    {
        var said = $"{program} {string.Join(' ', arguments)}{(input.Length == 0 ? "" : "\n" + input)}";
        lock (_gate) Done = Done.Add(said);
        return ValueTask.FromResult(Answer(said));
    }

    public bool Set(string setting, string value)
    {
        if (Missing.Contains(setting)) return false;
        lock (_gate) Done = Done.Add($"{setting} = {value}");
        return true;
    }

    /// <summary>The flows that the machine remembers.</summary>
    public ImmutableArray<Flow> Remembered { get; set; } = [];

    public IReadOnlyList<Flow> Flows() => Remembered;

    public void Forget(Flow flow)
    {
        Remembered = Remembered.Remove(flow);
        lock (_gate) Done = Done.Add($"forget {flow.Source}:{flow.SourcePort} > {flow.Destination}:{flow.DestinationPort}");
    }
}
