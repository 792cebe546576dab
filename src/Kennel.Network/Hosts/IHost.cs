namespace Kennel.Network.Hosts;

/// <summary>What the network changes on a machine.</summary>
public interface IHost
{
    /// <summary>Runs a program with a text on its standard input, to its end.</summary>
    ValueTask<CommandResult> Run(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel);

    /// <summary>Sets a kernel setting: <c>net/ipv4/ip_forward</c> to <c>1</c>. False when the machine doesn't have it (yet).</summary>
    bool Set(string setting, string value);

    /// <summary>The datagram flows that the kernel remembers (IPv4, UDP); none where it doesn't tell.</summary>
    IReadOnlyList<Flow> Flows();

    /// <summary>Makes the kernel forget a flow; gone already is fine.</summary>
    void Forget(Flow flow);
}

/// <param name="Exit">The exit code; -1 when the program could not be started.</param>
/// <param name="Error">What it said on standard error, or why it could not be started.</param>
public readonly record struct CommandResult(int Exit, string Output, string Error);
