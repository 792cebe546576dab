using System.Globalization;
using Kennel.Objects.Core;

namespace Kennel.Node.Probes;

/// <summary>Asks once; real, or simulated.</summary>
public interface IProber
{
    Task<ProbeAnswer> Ask(ProbeTarget target, CancellationToken cancel);
}

/// <param name="Ip">The pod's address: where HTTP, TCP and gRPC go unless a host is named.</param>
/// <param name="Timeout">Bounds the whole question.</param>
public sealed record ProbeTarget(Container Container, string ContainerId, string Ip, ProbeQuestion Question, TimeSpan Timeout);

/// <summary>One of them is set: what a probe or a hook does.</summary>
public sealed record ProbeQuestion(ExecAction? Exec = null, HTTPGetAction? Http = null, TCPSocketAction? Tcp = null, GRPCAction? Grpc = null)
{
    public static ProbeQuestion Of(Probe probe) => new(probe.Exec, probe.HttpGet, probe.TcpSocket, probe.Grpc);

    public static ProbeQuestion Of(LifecycleHandler hook) => new(hook.Exec, hook.HttpGet, hook.TcpSocket);
}

/// <param name="Text">For the event of a failure.</param>
/// <param name="ExitCode">Of a command that ended.</param>
public sealed record ProbeAnswer(bool Passed, string Text = "", int? ExitCode = null)
{
    public static readonly ProbeAnswer Yes = new(true);

    /// <summary>A failure in a few words: <c>exit 1: no such file</c>.</summary>
    public string Why => string.Join(": ", new[] { ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exit {code}") : "", Text.Trim() }.Where(t => t.Length > 0));
}

/// <summary>For containers without processes: everything answers, unless a test says otherwise.</summary>
public sealed class SimulatedProber(Func<ProbeTarget, ProbeAnswer>? answer = null) : IProber
{
    public Task<ProbeAnswer> Ask(ProbeTarget target, CancellationToken cancel) => Task.FromResult(answer?.Invoke(target) ?? ProbeAnswer.Yes);
}
