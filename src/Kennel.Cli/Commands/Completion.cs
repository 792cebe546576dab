using System.CommandLine;

namespace Kennel.Cli.Commands;

static class Completion
{
    const string Bash = """
        _kennel() {
            local IFS=$'\n'
            COMPREPLY=($(kennel "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _kennel kennel
        """;

    const string Zsh = """
        #compdef kennel
        _kennel() {
            local -a found
            found=("${(@f)$(kennel "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found
        }
        compdef _kennel kennel
        """;

    const string Fish = """
        complete -c kennel -f -a '(kennel "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Command()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a shell's completion script: source <(kennel completion bash).") { shell };
        command.SetAction(parsed => Console.WriteLine(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash }));
        return command;
    }
}
