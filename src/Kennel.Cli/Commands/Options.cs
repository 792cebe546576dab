using System.CommandLine;

namespace Kennel.Cli.Commands;

/// <summary>Options that several commands share.</summary>
static class Options
{
    public static Option<string> DataDir() => new("--data-dir")
    {
        Description = "Where the state, volumes and containers of this instance are kept.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Instance.DefaultDataFolder,
    };
}
