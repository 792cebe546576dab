namespace Kennel.Node.Images;

/// <summary>What an image says about how it is run; the part of an OCI image config that people set.</summary>
/// <param name="Names">What the image is found by, at least one: <c>khannedy/nodejs-stateful:latest</c>.</param>
/// <param name="Architecture">As in Go: <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Environment"><c>NAME=value</c> each.</param>
/// <param name="User"><c>uid</c>, <c>uid:gid</c> or a name in the image's /etc/passwd; empty for root.</param>
public sealed record ImageConfig(
    IReadOnlyList<string> Names, string Architecture, IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command, IReadOnlyList<string> Environment,
    string WorkingDirectory = "", string User = "", string? StopSignal = null)
{
    /// <summary>This machine's architecture in Go's words.</summary>
    public static string ThisArchitecture => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new PlatformNotSupportedException($"containers run on amd64 and arm64, not on {other}"),
    };
}
