using System.CommandLine;
using System.Reflection;

namespace Kennel.Cli.Commands;

static class VersionText
{
    /// <summary>The Kubernetes version whose behaviour is kept.</summary>
    public const string Kubernetes = "v1.36.2";

    public static string Own => typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Command()
    {
        var command = new Command("version", "Prints the version of Kennel and of the Kubernetes API that it serves.");
        command.SetAction(_ => Console.WriteLine($"kennel {Own}, Kubernetes API {Kubernetes}"));
        return command;
    }
}
