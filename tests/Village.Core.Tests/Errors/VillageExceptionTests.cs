using Village.Errors;

namespace Village.Core.Tests.Errors;

public sealed class VillageExceptionTests
{
    [Theory]
    [InlineData(ErrorKind.UserInput, "user_input", ExitCode.Usage, 5)]
    [InlineData(ErrorKind.Config, "config", ExitCode.Failure, 1)]
    [InlineData(ErrorKind.NotReady, "not_ready", ExitCode.NotReady, 2)]
    [InlineData(ErrorKind.Blocked, "blocked", ExitCode.Blocked, 3)]
    [InlineData(ErrorKind.Transient, "transient", ExitCode.NotReady, 2)]
    [InlineData(ErrorKind.NotFound, "not_found", ExitCode.Failure, 1)]
    [InlineData(ErrorKind.Permanent, "permanent", ExitCode.Failure, 1)]
    [InlineData((ErrorKind)99, "permanent", ExitCode.Failure, 1)]
    public void The_kind_of_a_failure_decides_what_the_shell_is_told(ErrorKind kind, string name, ExitCode code, int number)
    {
        var failure = new VillageException(kind, "It is broken", "mend it");

        Assert.Equal((name, code, number), (failure.KindName, failure.ExitCode, (int)failure.ExitCode));
        Assert.Equal((kind, "It is broken", "mend it", null), (failure.Kind, failure.Message, failure.Hint, failure.InnerException));
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own() =>
        Assert.Distinct(Enum.GetValues<ErrorKind>().Select(kind => new VillageException(kind, "").KindName));

    [Fact]
    public void What_failed_below_is_kept()
    {
        var inner = new IOException("disk");
        var failure = new VillageException(ErrorKind.Permanent, "It is broken", null, inner);

        Assert.Same(inner, failure.InnerException);
        Assert.Null(failure.Hint);
    }

    [Fact]
    public void The_codes_are_those_of_the_manual() => Assert.Equal(
        "Success=0 Failure=1 NotReady=2 Blocked=3 Partial=4 Usage=5 TimedOut=124 Interrupted=130",
        string.Join(' ', Enum.GetValues<ExitCode>().Select(code => $"{code}={(int)code}")));
}
